using System.ClientModel;
using System.ClientModel.Primitives;
using PandaProbe.Recording;

namespace PandaProbe.OpenAI;

/// <summary>Runs a typed call inside its span.</summary>
internal static class TypedCall
{
    public static T Run<T>(Func<ModelCall> start, Func<T> invoke, Action<ModelCall, T> record)
    {
        ModelCall call = start();
        try
        {
            T result = invoke();
            call.Record(result, record);
            return result;
        }
        catch (Exception exception) when (call.Saw(exception))
        {
            throw;
        }
        finally
        {
            call.End();
        }
    }

    public static async Task<T> RunAsync<T>(Func<ModelCall> start, Func<Task<T>> invoke, Action<ModelCall, T> record)
    {
        ModelCall call = start();
        try
        {
            T result = await invoke().ConfigureAwait(false);
            call.Record(result, record);
            return result;
        }
        catch (Exception exception) when (call.Saw(exception))
        {
            throw;
        }
        finally
        {
            call.End();
        }
    }

    /// <summary>Returns the JSON of a typed model, as the package writes it.</summary>
    public static ReadOnlyMemory<byte> Json<T>(IPersistableModel<T> model) => model.Write(ModelReaderWriterOptions.Json).ToMemory();

    /// <summary>Returns the raw body of the response.</summary>
    public static ReadOnlyMemory<byte> Body(ClientResult result) => result.GetRawResponse().Content.ToMemory();
}
