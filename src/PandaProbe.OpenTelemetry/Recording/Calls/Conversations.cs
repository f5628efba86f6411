using System.Diagnostics;
using PandaProbe.Context;

namespace PandaProbe.Recording;

/// <summary>
/// Finds the session of a turn that names the response before it. Each turn of OpenAI's Responses API has an id of its own. The id of the
/// first turn is the session of all, unless the application has a session.
/// </summary>
internal static class Conversations
{
    private const string PropertyName = "pandaprobe.conversation";
    private const int Capacity = 4096;

    private static readonly Newest<string, string> Sessions = new(Capacity);

    /// <summary>Returns the session of a call.</summary>
    /// <param name="call">The span of the call, which has no session.</param>
    /// <param name="id">The id of the conversation, of the previous turn, or of this one.</param>
    public static string SessionOf(Activity call, string id)
    {
        if (Sessions.TryGet(id, out string? known))
            return known;
        if (!id.StartsWith("resp_", StringComparison.Ordinal))
            return id;

        // Backends give a trace one session: that of its first turn.
        Activity root = call;
        while (root.Parent is { } parent)
            root = parent;
        if (root.GetCustomProperty(PropertyName) is string earlier)
            return earlier;

        root.SetCustomProperty(PropertyName, id);
        return id;
    }

    /// <summary>Remembers the session of the newest turns.</summary>
    public static void Remember(string id, string session) => Sessions.Remember(id, session);
}
