using System.Diagnostics;
using System.Text.Json;
using PandaProbe.OpenAI.Json;
using PandaProbe.Recording;

namespace PandaProbe.OpenAI;

/// <summary>Follows the stream of a response: the last piece repeats all of it, and only a stream that breaks before needs the others.</summary>
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

        // Between two pieces the reader's span is the current one, and the tools belong below ours.
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
