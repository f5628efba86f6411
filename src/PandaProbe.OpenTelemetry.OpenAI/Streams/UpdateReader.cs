using PandaProbe.Calls;

namespace PandaProbe.OpenAI.Streams;

/// <summary>Adds up the updates of one typed stream.</summary>
internal abstract class UpdateReader<T>
{
    private bool _any;

    public void Read(ModelCall call, T update)
    {
        if (!_any)
        {
            _any = true;
            call.SetFirstChunk();
        }

        Add(call, update);
    }

    public abstract void Finish(ModelCall call);

    protected abstract void Add(ModelCall call, T update);
}
