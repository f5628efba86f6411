using System.Text.Json;

namespace PandaProbe.Testing;

/// <summary>One step of a trajectory: a tool and the arguments that it was called with.</summary>
public sealed record TrajectoryStep
{
    /// <summary>Makes a step.</summary>
    /// <param name="tool">The name of the tool.</param>
    /// <param name="arguments">
    /// The arguments as JSON; <see langword="null"/> when they are not known. A text that is not JSON becomes a string of JSON.
    /// </param>
    public TrajectoryStep(string tool, string? arguments = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(tool);
        Tool = tool;
        if (arguments is not null)
        {
            Value = CanonicalJson.Read(arguments);
            Arguments = CanonicalJson.Of(Value);
        }
    }

    /// <summary>Gets the name of the tool.</summary>
    public string Tool { get; }

    /// <summary>
    /// Gets the arguments as JSON, with properties in alphabetical order; <see langword="null"/> when they are not known.
    /// </summary>
    public string? Arguments { get; }

    internal JsonElement Value { get; }

    /// <summary>Returns whether both steps call the same tool with the same arguments.</summary>
    public bool Equals(TrajectoryStep? other) => other is not null && Tool == other.Tool && Arguments == other.Arguments;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Tool, Arguments);

    /// <summary>Returns the tool and its arguments: <c>lookup_order {"order_id":"A-1042"}</c>.</summary>
    public override string ToString() => Arguments is null ? Tool : $"{Tool} {Arguments}";
}
