using System.Diagnostics;
using Microsoft.Extensions.AI;
using PandaProbe.Content;
using PandaProbe.Context;
using PandaProbe.Conventions;

namespace PandaProbe.AI;

/// <summary>Records the runs of a function as a tool.</summary>
internal sealed class TracedFunction(AIFunction inner) : DelegatingAIFunction(inner)
{
    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        if (!ProbeSource.Instance.HasListeners())
            return await base.InvokeCoreAsync(arguments, cancellationToken).ConfigureAwait(false);

        SpanScope span = IsRunOfThis(Activity.Current) ? SpanScope.Borrow(Activity.Current!) : Probe.StartSpan(Name, ProbeSpanKind.Tool);
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

    private bool IsRunOfThis(Activity? current) =>
        current is { IsStopped: false }
        && current.GetTagItem(GenAI.OperationName) is GenAI.Operation.ExecuteTool
        && current.GetTagItem(GenAI.Tool.Name) as string == Name
        && current.GetTagItem(GenAI.Tool.Call.Arguments) is null
        && current.GetTagItem(General.Input.Value) is null;

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
