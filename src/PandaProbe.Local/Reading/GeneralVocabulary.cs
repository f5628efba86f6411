using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Trace.V1;

namespace PandaProbe.Local.Reading;

/// <summary>Reads what several vocabularies share: session, user, tags, inputs and outputs as values, and failures.</summary>
internal static class GeneralVocabulary
{
    public static void Read(SpanFields fields, ReadSpan read)
    {
        read.SessionId = fields.TextOr(read.SessionId, "session.id");
        read.UserId = fields.TextOr(read.UserId, "user.id", "enduser.id");
        if (fields.Texts("tag.tags") is { Count: > 0 } tags && read.Tags.Count == 0)
            read.Tags = tags;
        read.InputValue = fields.TextOr(read.InputValue, "input.value");
        read.OutputValue = fields.TextOr(read.OutputValue, "output.value");
        fields.Value("input.mime_type");
        fields.Value("output.mime_type");
        read.RetryCount = fields.IntegerOr(read.RetryCount, "http.request.resend_count");
        SetError(fields, read);
    }

    private static void SetError(SpanFields fields, ReadSpan read)
    {
        read.IsError |= fields.Span.Status?.Code == Status.Types.StatusCode.Error;
        string? type = fields.Text("error.type");
        if (!read.IsError)
            return;

        string? message = fields.Span.Status is { Message.Length: > 0 } status ? status.Message : null;
        foreach (Span.Types.Event item in fields.Span.Events)
        {
            if (item.Name != "exception")
                continue;

            // An exception that was caught on the way may come before the one that failed the span.
            type = Text(item, "exception.type") ?? type;
            message = Text(item, "exception.message") ?? message;
        }

        read.ErrorType = fields.TextOr(read.ErrorType, "error.type") is { } given and not "_OTHER" ? given : type;
        read.ErrorMessage ??= message;
    }

    private static string? Text(Span.Types.Event item, string name)
    {
        foreach (KeyValue attribute in item.Attributes)
        {
            if (attribute.Key == name)
                return attribute.Value?.Text() is { Length: > 0 } text ? text : null;
        }

        return null;
    }
}
