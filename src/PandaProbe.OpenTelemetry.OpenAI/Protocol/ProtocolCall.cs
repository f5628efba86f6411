using System.ClientModel;
using System.ClientModel.Primitives;
using System.Diagnostics;
using System.Globalization;
using PandaProbe.Recording;

namespace PandaProbe.OpenAI.Protocol;

/// <summary>Runs a protocol method inside its span. Its raw bytes are read and passed on unchanged.</summary>
internal static class ProtocolCall
{
    public static ClientResult Run(
        Func<ModelCall> start, BinaryContent content, Func<BinaryContent, ClientResult> invoke, WireFormat format)
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

    /// <summary>Returns true when the answer ends the call, or has already ended it.</summary>
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
            else
            {
                streams = Read(call, format, response);
            }
        });
        return streams;
    }

    private static bool Read(ModelCall call, WireFormat format, PipelineResponse response)
    {
        bool isEvents = response.Headers.TryGetValue("Content-Type", out string? type)
            && type?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) == true;
        ReadOnlyMemory<byte>? whole = Buffered(response);
        if (whole is { } json && !isEvents)
        {
            format.ReadResponse(call, json);
            return false;
        }

        PassingAnswer answer = isEvents ? new PassingEvents(new(call, format.NewEventReader(call))) : new PassingJson(call, format);
        if (whole is { } events)
        {
            answer.Read(events.Span);
            answer.Complete();
            answer.Finish();
            return true;
        }

        if (response.ContentStream is not { } stream)
            return false;

        response.ContentStream = new RecordedStream(stream, answer);
        return true;
    }

    /// <summary>
    /// Returns the response's buffered content; <see langword="null"/> if it is not buffered. Replacing a buffered stream would take the
    /// content from the caller.
    /// </summary>
    private static ReadOnlyMemory<byte>? Buffered(PipelineResponse response)
    {
        if (response.ContentStream is { CanSeek: false })
            return null;

        try
        {
            return response.Content.ToMemory();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
