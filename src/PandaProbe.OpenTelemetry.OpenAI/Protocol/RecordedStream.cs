using PandaProbe.Recording;

namespace PandaProbe.OpenAI.Protocol;

/// <summary>
/// Wraps the response stream and passes the bytes read to <paramref name="answer"/>, which ends the call at the end of the stream.
/// </summary>
internal sealed class RecordedStream(Stream inner, PassingAnswer answer) : ObservedStream(inner)
{
    protected override void Passed(ReadOnlySpan<byte> bytes, bool isEnd)
    {
        if (!isEnd)
        {
            answer.Read(bytes);
            return;
        }

        answer.Complete();
        answer.Finish();
    }

    protected override void Failed(Exception exception)
    {
        answer.Failed(exception);
        answer.Finish();
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            answer.Finish();
    }
}
