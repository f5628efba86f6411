using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Receiving;

/// <summary>
/// Finds the bytes of each span in a request in protobuf. They are stored as they came, so spans need not be written again, and fields that
/// this viewer does not know are kept.
/// </summary>
internal static class SpanSlices
{
    // ExportTraceServiceRequest.resource_spans, ResourceSpans.scope_spans, ScopeSpans.spans
    private const int ResourceSpans = 1;
    private const int ScopeSpans = 2;
    private const int Spans = 2;

    /// <summary>Returns them in the order of the request.</summary>
    public static List<Range> Find(ReadOnlySpan<byte> request)
    {
        List<Range> found = [];
        WireFields resources = new(request, 0);
        while (resources.Next())
        {
            if (resources.Number != ResourceSpans)
                continue;

            WireFields scopes = new(request[..resources.Content.End], resources.Content.Start.Value);
            while (scopes.Next())
            {
                if (scopes.Number != ScopeSpans)
                    continue;

                WireFields spans = new(request[..scopes.Content.End], scopes.Content.Start.Value);
                while (spans.Next())
                {
                    if (spans.Number == Spans)
                        found.Add(spans.Content);
                }
            }
        }

        return found;
    }
}
