using System.Diagnostics;
using PandaProbe.Conventions;

namespace PandaProbe.Context;

/// <summary>The session, user and tags that a new activity is born with.</summary>
internal readonly record struct Surroundings(string? Session, string? User, string[]? Tags)
{
    public static Surroundings Of(AmbientContext? context) => context is null ? default : new(context.Session, context.User, context.Tags);

    /// <summary>Those of an activity of another flow, whose ambient values are not here.</summary>
    public static Surroundings Of(Activity activity) => new(
        activity.GetTagItem(General.SessionId) as string, activity.GetTagItem(General.UserId) as string, activity.GetTagItem(General.Tags) as string[]);
}
