using Google.Protobuf;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Resource.V1;
using OpenTelemetry.Proto.Trace.V1;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Receiving;

/// <summary>
/// The spans of one scope as they stand in an <c>ExportTraceServiceRequest</c>. Their bytes are stored as they came, with fields that this
/// viewer does not know, so they are neither copied nor written again. Read one at a time, a span is garbage before the next one exists.
/// </summary>
internal sealed record ReceivedSpans(Resource? Resource, string ResourceSchema, ScopeSpans Scope, IReadOnlyList<Range> Spans)
{
    // ExportTraceServiceRequest.resource_spans; ResourceSpans.resource, scope_spans and schema_url; ScopeSpans.scope, spans and schema_url
    private const int ResourceSpans = 1;
    private const int Common = 1;
    private const int Repeated = 2;
    private const int SchemaUrl = 3;

    /// <summary>Returns the scopes in the order of the request.</summary>
    /// <exception cref="InvalidDataException">The bytes are no request.</exception>
    public static List<ReceivedSpans> Read(ReadOnlySpan<byte> request)
    {
        List<ReceivedSpans> found = [];
        WireFields resources = new(request, 0);
        while (resources.Next())
        {
            if (resources.Number == ResourceSpans)
                ReadResource(request, resources.Content, found);
        }

        Check(resources);
        return found;
    }

    private static void ReadResource(ReadOnlySpan<byte> request, Range range, List<ReceivedSpans> found)
    {
        // The resource may stand behind its spans.
        ResourceSpans whole = new();
        List<ReceivedSpans> scopes = [];
        WireFields fields = new(request[..range.End], range.Start.Value);
        while (fields.Next())
        {
            switch (fields.Number)
            {
                case Common:
                    (whole.Resource ??= new()).MergeFrom(request[fields.Content]);
                    break;
                case Repeated:
                    scopes.Add(ReadScope(request, fields.Content));
                    break;
                case SchemaUrl:
                    whole.SchemaUrl = Text(request[fields.Content]);
                    break;
            }
        }

        Check(fields);
        found.AddRange(scopes.Select(scope => scope with { Resource = whole.Resource, ResourceSchema = whole.SchemaUrl }));
    }

    private static ReceivedSpans ReadScope(ReadOnlySpan<byte> request, Range range)
    {
        ScopeSpans scope = new();
        List<Range> spans = [];
        WireFields fields = new(request[..range.End], range.Start.Value);
        while (fields.Next())
        {
            switch (fields.Number)
            {
                case Common:
                    (scope.Scope ??= new InstrumentationScope()).MergeFrom(request[fields.Content]);
                    break;
                case Repeated:
                    spans.Add(fields.Content);
                    break;
                case SchemaUrl:
                    scope.SchemaUrl = Text(request[fields.Content]);
                    break;
            }
        }

        Check(fields);
        return new(null, "", scope, spans);
    }

    private static string Text(ReadOnlySpan<byte> utf8) => System.Text.Encoding.UTF8.GetString(utf8);

    private static void Check(WireFields fields)
    {
        if (fields.IsBroken)
            throw new InvalidDataException("The body is no ExportTraceServiceRequest.");
    }
}
