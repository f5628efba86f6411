using PandaProbe.Conventions;

namespace PandaProbe.Context;

/// <summary>Makes the tags of an activity before it starts, so that samplers see them.</summary>
internal static class StartTags
{
    private const string OpenInferenceOther = "OTHER";

    public static KeyValuePair<string, object?>[] Trace(in Surroundings surroundings)
    {
        var result = new KeyValuePair<string, object?>[1 + Count(surroundings)];
        result[0] = new(Pandaprobe.Span.Kind, SpanKinds.Trace);
        Add(result, 1, surroundings);
        return result;
    }

    public static KeyValuePair<string, object?>[] Span(
        string name, ProbeSpanKind kind, string? model, string? provider, in Surroundings surroundings)
    {
        string kindName = SpanKinds.Name(kind);
        string? operation = SpanKinds.Operation(kind);
        string? nameTag = SpanKinds.NameTag(kind);

        int count = 1 + (kindName is OpenInferenceOther ? 0 : 1) + One(operation) + One(nameTag) + One(model) + One(provider)
            + Count(surroundings);
        var result = new KeyValuePair<string, object?>[count];
        int at = 0;
        result[at++] = new(Pandaprobe.Span.Kind, kindName);
        if (kindName is not OpenInferenceOther)
            result[at++] = new(General.OpenInference.SpanKind, kindName);
        if (operation is not null)
            result[at++] = new(GenAI.OperationName, operation);
        if (nameTag is not null)
            result[at++] = new(nameTag, name);
        if (provider is not null)
            result[at++] = new(GenAI.ProviderName, provider);
        if (model is not null)
            result[at++] = new(GenAI.Request.Model, model);
        Add(result, at, surroundings);
        return result;
    }

    private static int One(string? value) => value is null ? 0 : 1;

    private static int Count(in Surroundings surroundings) =>
        (surroundings.Session is null ? 0 : 2) + One(surroundings.User) + (surroundings.Tags is null ? 0 : 1);

    private static void Add(KeyValuePair<string, object?>[] result, int at, in Surroundings surroundings)
    {
        if (surroundings.Session is { } session)
        {
            result[at++] = new(General.SessionId, session);
            result[at++] = new(GenAI.Conversation.Id, session);
        }

        if (surroundings.User is { } user)
            result[at++] = new(General.UserId, user);
        if (surroundings.Tags is { } tags)
            result[at] = new(General.Tags, tags);
    }
}
