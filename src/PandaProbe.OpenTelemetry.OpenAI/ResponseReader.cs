using System.Diagnostics;
using System.Text.Json;
using PandaProbe.OpenAI.Json;
using PandaProbe.Recording;

namespace PandaProbe.OpenAI;

/// <summary>
/// Reads a streamed response. The last event repeats the whole response, so the earlier ones matter only if the stream breaks.
/// </summary>
internal abstract class ResponseReader<T>(ModelCall call) : AnswerReader<T>(call)
{
    private bool _whole;

    public override void Finish(StreamOutcome outcome)
    {
        if (!_whole)
            base.Finish(outcome);
    }

    protected void SetWhole(JsonElement response)
    {
        _whole = true;

        // Between two events Activity.Current is the caller's span, but the tool spans must be children of the call's span.
        Activity? outside = Activity.Current;
        Call.Enter();
        try
        {
            ResponsesFormat.Instance.ReadResponse(Call, response);
        }
        finally
        {
            Call.Leave(outside);
        }
    }
}
