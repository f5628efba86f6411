using System.ClientModel;
using System.ClientModel.Primitives;
using System.Diagnostics;
using System.Globalization;
using PandaProbe.Calls;

namespace PandaProbe.OpenAI.Protocol;

/// <summary>Runs a protocol method, which takes and gives raw bytes, inside its span. The bytes are looked at as they pass, never changed.</summary>
internal static class ProtocolCall
{
    public static ClientResult Run(Func<ModelCall> start, BinaryContent content, Func<BinaryContent, ClientResult> invoke, WireFormat format)
    {
        Activity? before = Activity.Current;
        ModelCall call = start();
        RecordedContent request = new(content);
        bool streams = false;
        try
        {
            ClientResult result = invoke(call.IsMeasured ? request : content);
            streams = Read(call, format, request, result);
            return result;
        }
        catch (Exception exception) when (Failed(call, format, request, exception))
        {
            throw;
        }
        finally
        {
            if (streams)
                call.Leave(before);
            else
                call.End();
        }
    }

    public static async Task<ClientResult> RunAsync(
        Func<ModelCall> start, BinaryContent content, Func<BinaryContent, Task<ClientResult>> invoke, WireFormat format)
    {
        ModelCall call = start();
        RecordedContent request = new(content);
        bool streams = false;
        try
        {
            ClientResult result = await invoke(call.IsMeasured ? request : content).ConfigureAwait(false);
            streams = Read(call, format, request, result);
            return result;
        }
        catch (Exception exception) when (Failed(call, format, request, exception))
        {
            throw;
        }
        finally
        {
            if (!streams)
                call.End();
        }
    }

    private static bool Failed(ModelCall call, WireFormat format, RecordedContent request, Exception exception)
    {
        ReadRequest(call, format, request);
        return call.Saw(exception);
    }

    private static void ReadRequest(ModelCall call, WireFormat format, RecordedContent request) =>
        call.Record((format, request), static (call, state) =>
        {
            if (!state.request.Bytes.IsEmpty)
                state.format.ReadRequest(call, state.request.Bytes);
        });

    /// <summary>True when the answer is still to be read, by a stream that ends the call.</summary>
    private static bool Read(ModelCall call, WireFormat format, RecordedContent request, ClientResult result)
    {
        ReadRequest(call, format, request);
        bool streams = false;
        call.Record(result, (call, result) =>
        {
            PipelineResponse response = result.GetRawResponse();
            if (response.IsError)
            {
                call.SetError(response.Status.ToString(CultureInfo.InvariantCulture), $"HTTP {response.Status} {response.ReasonPhrase}");
            }
            else if (response.Headers.TryGetValue("Content-Type", out string? type) && type?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) == true
                && response.ContentStream is { } stream)
            {
                response.ContentStream = new RecordedStream(stream, new(call, format.NewEventReader(call)));
                streams = true;
            }
            else
            {
                format.ReadResponse(call, TypedCall.Body(result));
            }
        });
        return streams;
    }
}
