using System.Text.Json.Serialization;

namespace PandaProbe.Local.Serving;

/// <summary>The types of the JSON API.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(StatusAnswer))]
[JsonSerializable(typeof(CommitEvent))]
internal sealed partial class ApiJson : JsonSerializerContext;
