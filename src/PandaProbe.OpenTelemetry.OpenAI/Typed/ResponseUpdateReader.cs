using OpenAI.Responses;
using PandaProbe.Calls;
using PandaProbe.Content;
using PandaProbe.OpenAI.Json;
using PandaProbe.OpenAI.Streams;

namespace PandaProbe.OpenAI.Typed;

/// <summary>Follows the updates of a response: the last one repeats all of it, and only a stream that breaks before needs the pieces.</summary>
internal sealed class ResponseUpdateReader : UpdateReader<StreamingResponseUpdate>
{
    private readonly AnswerBuilder _answer = new();
    private string? _id;
    private string? _model;
    private bool _whole;

    public override void Finish(ModelCall call)
    {
        if (_whole)
            return;

        call.SetResponse(_id, _model, null);
        if (call.CapturesContent)
            call.SetOutput(_answer.Build(null));
    }

    protected override void Add(ModelCall call, StreamingResponseUpdate update)
    {
        switch (update)
        {
            case StreamingResponseCreatedUpdate created:
                _id = created.Response?.Id;
                _model = created.Response?.Model;
                break;
            case StreamingResponseOutputTextDeltaUpdate text:
                _answer.AppendText(text.Delta);
                break;
            case StreamingResponseReasoningSummaryTextDeltaUpdate reasoning:
                _answer.AppendReasoning(reasoning.Delta);
                break;
            case StreamingResponseCompletedUpdate { Response: { } response }:
                SetWhole(call, response);
                break;
            case StreamingResponseIncompleteUpdate { Response: { } response }:
                SetWhole(call, response);
                break;
            case StreamingResponseFailedUpdate { Response: { } response }:
                SetWhole(call, response);
                break;
            case StreamingResponseErrorUpdate error:
                call.SetError(error.Code, error.Message);
                break;
        }
    }

    private void SetWhole(ModelCall call, ResponseResult response)
    {
        _whole = true;

        // Between two pieces the reader's span is the current one, and the tools belong below ours.
        System.Diagnostics.Activity? outside = System.Diagnostics.Activity.Current;
        call.Enter();
        try
        {
            ResponsesFormat.Instance.ReadResponse(call, TypedCall.Json(response));
        }
        finally
        {
            System.Diagnostics.Activity.Current = outside;
        }
    }
}
