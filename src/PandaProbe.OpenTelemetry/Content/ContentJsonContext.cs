using System.Text.Json.Serialization;

namespace PandaProbe.Content;

[JsonSerializable(typeof(string))]
internal sealed partial class ContentJsonContext : JsonSerializerContext;
