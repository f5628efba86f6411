using System.Text.Json;
using PandaProbe.Calls;

namespace PandaProbe.OpenAI;

/// <summary>Adds up what the events of one stream say.</summary>
internal abstract class EventReader
{
    private bool _any;

    public void Read(ModelCall call, JsonElement data)
    {
        if (!_any)
        {
            _any = true;
            call.SetFirstChunk();
        }

        Add(call, data);
    }

    public abstract void Finish(ModelCall call);

    protected abstract void Add(ModelCall call, JsonElement data);
}
