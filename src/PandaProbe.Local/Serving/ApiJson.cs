using System.Text.Json.Serialization;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Serving;

/// <summary>The types of the JSON API.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(StatusAnswer))]
[JsonSerializable(typeof(CommitEvent))]
[JsonSerializable(typeof(Page<SessionItem>))]
[JsonSerializable(typeof(Page<TraceItem>))]
[JsonSerializable(typeof(IReadOnlyList<RunItem>))]
[JsonSerializable(typeof(TraceAnswer))]
[JsonSerializable(typeof(ScoreItem))]
[JsonSerializable(typeof(ScoreRequest))]
[JsonSerializable(typeof(Groups))]
[JsonSerializable(typeof(CompareAnswer))]
[JsonSerializable(typeof(SearchPage))]
internal sealed partial class ApiJson : JsonSerializerContext;
