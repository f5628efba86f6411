using System.Diagnostics;
using PandaProbe.Conventions;
using PandaProbe.Diagnostics;

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
        string? standard = key switch
        {
            "temperature" => GenAI.Request.Temperature,
            "top_p" => GenAI.Request.TopP,
            "top_k" => GenAI.Request.TopK,
            "max_tokens" or "max_completion_tokens" or "max_output_tokens" => GenAI.Request.MaxTokens,
            "frequency_penalty" => GenAI.Request.FrequencyPenalty,
            "presence_penalty" => GenAI.Request.PresencePenalty,
            "stop" or "stop_sequences" => GenAI.Request.StopSequences,
            "seed" => GenAI.Request.Seed,
            _ => null,
        };

        object? tag = value.ToTag();
        if (standard is GenAI.Request.StopSequences && tag is string single)
            tag = new[] { single };
        activity.SetTag(standard ?? PrefixedNames.ModelParameters[key], tag);
    }
}
