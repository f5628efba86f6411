using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using PandaProbe.Testing.Cassettes.Masking;

namespace PandaProbe.Testing.Cassettes.Chat;

/// <summary>The updates of a streamed answer while they are recorded.</summary>
internal sealed class RecordedUpdates(JsonObject response, CassetteCalls calls)
{
    private readonly List<(JsonNode Update, TimeSpan Pause)> _updates = [];
    private long _last = calls.Options.TimeProvider.GetTimestamp();

    public Exception? Failure { get; set; }

    public bool IsComplete { get; set; }

    public static (ChatResponseUpdate Update, TimeSpan Pause) Read(JsonNode row) =>
        (ChatJson.Read<ChatResponseUpdate>(row["update"]!), TimeSpan.FromMilliseconds(row["pause"]?.GetValue<double>() ?? 0));

    public void Add(ChatResponseUpdate update)
    {
        long now = calls.Options.TimeProvider.GetTimestamp();
        TimeSpan pause = calls.Options.TimeProvider.GetElapsedTime(_last, now);
        _last = now;
        lock (_updates)
            _updates.Add((ChatJson.Write(update), pause));
    }

    public JsonObject Write()
    {
        var written = (JsonObject)response.DeepClone();
        JsonArray rows = [];
        lock (_updates)
        {
            JoinedTexts.Mask(_updates.Select(update => update.Update), calls.Mask);
            foreach ((JsonNode update, TimeSpan pause) in _updates)
            {
                JsonObject row = new() { ["update"] = calls.Mask.Mask(update)!.DeepClone() };
                if (calls.Options.Pauses && pause > TimeSpan.Zero)
                    row["pause"] = Math.Round(pause.TotalMilliseconds);

                rows.Add((JsonNode)row);
            }
        }

        written["updates"] = rows;
        if (Failure is not null)
            written["exception"] = RecordedException.Write(Failure, calls.Mask);
        else if (!IsComplete)
            written["end"] = RecordedEnd.StoppedByReader;

        return written;
    }
}
