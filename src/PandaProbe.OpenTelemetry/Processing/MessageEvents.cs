using System.Diagnostics;
using Microsoft.Extensions.Logging;
using PandaProbe.Conventions;
using PandaProbe.Runtime;

namespace PandaProbe.Processing;

/// <summary>
/// Puts the messages of a call into the conventions' event <c>gen_ai.client.inference.operation.details</c>, instead of or as well as the
/// attributes of its span.
/// </summary>
internal static class MessageEvents
{
    private const string EventName = "gen_ai.client.inference.operation.details";

    private static readonly string[] Messages =
    [
        GenAI.SystemInstructions, GenAI.Input.Messages, GenAI.Output.Messages,
    ];

    private static readonly string[] AllContent =
    [
        .. Messages, General.Input.Value, General.Input.MimeType, General.Output.Value, General.Output.MimeType, GenAI.Tool.Call.Arguments,
        GenAI.Tool.Call.Result, GenAI.Tool.Definitions,
    ];

    // The event has what the span of the call has.
    private static readonly string[] Prefixes = ["gen_ai.", "openai.", "server.", "error.", "session.", "user."];

    /// <summary>Writes the event of a call that has messages: to the log pipeline, or as an event of the span.</summary>
    public static void Write(Activity call, LogPipeline? log, FieldScanners? scanner)
    {
        if (!Messages.Any(name => call.GetTagItem(name) is not null))
            return;

        if (log?.TryWrite(EventName, LogLevel.Debug, call.Context, () => Safe(call, scanner)) != true)
            call.AddEvent(new ActivityEvent(EventName, tags: new([.. call.TagObjects.Where(tag => AllContent.Contains(tag.Key))])));
    }

    /// <summary>Takes content from the attributes of a span.</summary>
    public static void RemoveContent(Activity span)
    {
        foreach (string name in AllContent)
        {
            if (span.GetTagItem(name) is not null)
                span.SetTag(name, null);
        }
    }

    // A log pipeline of the application takes texts at once, so this thread makes them safe, apart from content of this library.
    private static List<KeyValuePair<string, object?>> Safe(Activity call, FieldScanners? scanner)
    {
        var masking = TextMasking.Of(call, scanner, lazily: true);
        List<KeyValuePair<string, object?>> attributes = [];
        foreach (ref readonly KeyValuePair<string, object?> tag in call.EnumerateTagObjects())
        {
            if (IsOfEvent(tag.Key))
                attributes.Add(masking is null ? tag : new(tag.Key, masking.Value(tag.Key, tag.Value)));
        }

        return attributes;
    }

    private static bool IsOfEvent(string name)
    {
        foreach (string prefix in Prefixes)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
                return true;
        }

        return false;
    }
}
