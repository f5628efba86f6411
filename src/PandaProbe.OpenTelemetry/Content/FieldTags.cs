using System.Diagnostics;
using System.Globalization;
using PandaProbe.Conventions;
using PandaProbe.Diagnostics;
using PandaProbe.Values;

namespace PandaProbe.Content;

/// <summary>Writes metadata, model parameters and notes about refused values as tags.</summary>
internal static class FieldTags
{
    public static void SetMetadata(Activity activity, in ProbeFields fields)
    {
        for (int i = 0; i < fields.Count; i++)
            SetMetadata(activity, fields[i].Key, fields[i].Value);

        foreach ((string? key, ProbeValue value) in fields.ReadSource())
            SetMetadata(activity, key, value);
    }

    public static void SetMetadata(Activity activity, string? key, ProbeValue value)
    {
        if (!string.IsNullOrEmpty(key))
            activity.SetTag(PrefixedNames.Metadata[key], value.ToTag());
    }

    public static void SetModelParameters(Activity activity, in ProbeFields fields)
    {
        for (int i = 0; i < fields.Count; i++)
            SetModelParameter(activity, fields[i].Key, fields[i].Value);

        foreach ((string? key, ProbeValue value) in fields.ReadSource())
            SetModelParameter(activity, key, value);
    }

    /// <summary>Notes on the span and in diagnostics that a value was not recorded.</summary>
    public static void Refuse(Activity activity, string field, string reason)
    {
        activity.SetTag(PrefixedNames.Metadata["refused." + field], reason);
        PandaProbeEventSource.Log.ValueRefused(field, reason, activity.DisplayName);
    }

    private static void SetModelParameter(Activity activity, string key, ProbeValue value)
    {
        (string? standard, Func<ProbeValue, object?>? convert) = key switch
        {
            "temperature" => (GenAI.Request.Temperature, Number),
            "top_p" => (GenAI.Request.TopP, Number),
            "top_k" => (GenAI.Request.TopK, Number),
            "max_tokens" or "max_completion_tokens" or "max_output_tokens" => (GenAI.Request.MaxTokens, WholeNumber),
            "frequency_penalty" => (GenAI.Request.FrequencyPenalty, Number),
            "presence_penalty" => (GenAI.Request.PresencePenalty, Number),
            "stop" or "stop_sequences" => (GenAI.Request.StopSequences, Texts),
            "seed" => (GenAI.Request.Seed, WholeNumber),
            _ => ((string?)null, (Func<ProbeValue, object?>?)null),
        };

        object? given = value.ToTag();
        object? tag = convert?.Invoke(value);
        if (standard is not null && (tag is not null || given is null))
            activity.SetTag(standard, tag);
        else
            activity.SetTag(PrefixedNames.ModelParameters[key], given);

        // PandaProbe shows them by their own names, other backends by those of the conventions.
        string? also = key switch
        {
            "n" or "choice_count" => GenAI.Request.ChoiceCount,
            "dimensions" => GenAI.Embeddings.DimensionCount,
            _ => null,
        };
        if (also is not null)
            activity.SetTag(also, WholeNumber(value));
    }

    // Backends declare a column by the type of the first value, so that a whole number must be a double, too.
    private static object? Number(ProbeValue value) =>
        value.ToTag() is double exact ? exact : value.TryGetDecimal(out decimal number) ? (double)number : null;

    private static object? WholeNumber(ProbeValue value) => value.TryGetInteger(out long number) ? Boxes.Integer(number) : null;

    private static string[]? Texts(ProbeValue value) => value.ToTag() switch
    {
        null => null,
        string[] several => several,
        { } single => new[] { Convert.ToString(single, CultureInfo.InvariantCulture) ?? "" },
    };
}
