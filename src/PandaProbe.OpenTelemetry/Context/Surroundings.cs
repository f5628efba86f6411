using System.Diagnostics;
using PandaProbe.Conventions;

namespace PandaProbe.Context;

/// <summary>The session, user and tags that a new activity starts with.</summary>
internal readonly record struct Surroundings(string? Session, string? User, string[]? Tags)
{
    public static Surroundings Of(AmbientContext? context) => context is null ? default : new(context.Session, context.User, context.Tags);

    /// <summary>
    /// Reads them from an activity that was started in another <see cref="ExecutionContext"/>: its <see cref="AmbientContext"/> is not
    /// available here.
    /// </summary>
    public static Surroundings Of(Activity activity) => new(
        activity.GetTagItem(General.SessionId) as string, activity.GetTagItem(General.UserId) as string,
        activity.GetTagItem(General.Tags) as string[]);
}
