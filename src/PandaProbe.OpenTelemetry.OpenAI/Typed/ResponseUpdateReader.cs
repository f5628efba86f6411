using System.Text.Json;
using OpenAI.Responses;
using PandaProbe.Recording;

namespace PandaProbe.OpenAI.Typed;

/// <summary>Reads the typed updates of a streamed response.</summary>
internal sealed class ResponseUpdateReader(ModelCall call) : ResponseReader<StreamingResponseUpdate>(call)
{
    public override void Add(StreamingResponseUpdate piece)
    {
        switch (piece)
        {
            case StreamingResponseCreatedUpdate created:
                Id = created.Response?.Id;
                Model = created.Response?.Model;
                break;
            case StreamingResponseOutputTextDeltaUpdate text:
                Answer.AppendText(text.Delta);
                break;
            case StreamingResponseReasoningSummaryTextDeltaUpdate reasoning:
                Answer.AppendReasoning(reasoning.Delta);
                break;
            case StreamingResponseOutputItemAddedUpdate { Item: FunctionCallResponseItem function } added when WantsContent:
                Answer.AppendToolCall(added.OutputIndex, function.CallId, function.FunctionName, null);
                break;
            case StreamingResponseFunctionCallArgumentsDeltaUpdate arguments when WantsContent:
                Answer.AppendToolCall(arguments.OutputIndex, null, null, arguments.Delta?.ToString());
                break;
            case StreamingResponseCompletedUpdate { Response: { } response }:
                SetWhole(response);
                break;
            case StreamingResponseIncompleteUpdate { Response: { } response }:
                SetWhole(response);
                break;
            case StreamingResponseFailedUpdate { Response: { } response }:
                SetWhole(response);
                break;
            case StreamingResponseErrorUpdate error:
                Call.SetError(error.Code, error.Message);
                break;
        }
    }

    private void SetWhole(ResponseResult response)
    {
        using var document = JsonDocument.Parse(TypedCall.Json(response));
        SetWhole(document.RootElement);
    }
}
