using System.Diagnostics;
using Microsoft.Extensions.AI;
using PandaProbe.Content;
using PandaProbe.Conventions;
using PandaProbe.Recording;
using PandaProbe.Values;

namespace PandaProbe.AI;

/// <summary>Records the runs of a function as tool spans.</summary>
internal sealed class TracedFunction(AIFunction inner) : DelegatingAIFunction(inner)
{
    private const string Taken = "pandaprobe.tool.taken";

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        if (!ProbeSource.Instance.HasListeners())
            return await base.InvokeCoreAsync(arguments, cancellationToken).ConfigureAwait(false);

        SpanScope span = IsRunOfThis(Activity.Current)
            ? new SpanScope(OpenSpan.Borrow(Activity.Current!)) : Probe.StartSpan(Name, ProbeSpanKind.Tool);

        // A nested run, even of the same function, must open its own span.
        if (span.IsRecording)
            span.Activity.SetCustomProperty(Taken, Taken);
        try
        {
            Set(span, ContentTags.Direction.Input, arguments);
            object? result = await base.InvokeCoreAsync(arguments, cancellationToken).ConfigureAwait(false);
            Set(span, ContentTags.Direction.Output, result);
            return result;
        }
        catch (Exception exception) when (span.Saw(exception))
        {
            throw;
        }
        finally
        {
            span.Dispose();
        }
    }

    // Function invocation may have set the arguments already. User code that opened the span may have set the input.
    private bool IsRunOfThis(Activity? current) =>
        current is { IsStopped: false }
        && current.GetTagItem(GenAI.OperationName) is GenAI.Operation.ExecuteTool
        && current.GetTagItem(GenAI.Tool.Name) as string == Name
        && current.GetTagItem(General.Input.Value) is null
        && current.GetCustomProperty(Taken) is null;

    private static void Set(SpanScope span, ContentTags.Direction direction, object? value)
    {
        if (!span.IsRecording || value is null)
            return;

        try
        {
            if (value is string text)
                ContentTags.SetText(span.Activity, ProbeSpanKind.Tool, direction, text);
            else
                ContentTags.SetJson(span.Activity, ProbeSpanKind.Tool, direction, FrozenValue.ToJson(FrozenValue.Of(value)));
        }
        catch (Exception exception)
        {
            Diagnostics.PandaProbeEventSource.Log.TelemetryFailed("tool", exception);
        }
    }
}
