using System.Diagnostics;

namespace PandaProbe.Context;

/// <summary>
/// The session, user and tags of the current <see cref="ExecutionContext"/>: an immutable chain of scopes, innermost first, in an
/// <see cref="AsyncLocal{T}"/>. The innermost value wins, whether a <c>Session</c> or <c>User</c> scope or a trace set it.
/// <c>SetSession</c> and <c>SetUser</c> apply where no scope sets a value.
/// </summary>
internal sealed class AmbientContext
{
    private static readonly AsyncLocal<AmbientContext?> Local = new();

    private readonly AmbientContext? _outer;
    private readonly Activity? _owner;
    private readonly string? _scopeSession;
    private readonly string? _scopeUser;
    private readonly string? _defaultSession;
    private readonly string? _defaultUser;
    private AmbientContext? _original;
    private string[]? _tags;
    private bool _closed;

    private AmbientContext(
        AmbientContext? outer, Activity? owner, string? scopeSession, string? scopeUser, string[]? tags, string? defaultSession,
        string? defaultUser)
    {
        _outer = outer;
        _owner = owner;
        _scopeSession = scopeSession;
        _scopeUser = scopeUser;
        _tags = tags;
        _defaultSession = defaultSession;
        _defaultUser = defaultUser;
    }

    public static AmbientContext? Current => Local.Value;

    // An empty text in a scope hides the value of outer scopes.
    public string? Session => NullIfEmpty(_scopeSession ?? _defaultSession);

    public string? User => NullIfEmpty(_scopeUser ?? _defaultUser);

    public string[]? Tags => Volatile.Read(ref _tags);

    // SetSession and SetUser replace a scope by a copy. Closing either closes both.
    private bool IsClosed => (_original ?? this)._closed;

    /// <summary>
    /// Returns the context that a new trace starts from. Skips the values of a trace that was ended in another
    /// <see cref="ExecutionContext"/>.
    /// </summary>
    public static AmbientContext? ForNewTrace()
    {
        AmbientContext? context = Local.Value;
        while (context?._owner is { IsStopped: true })
            context = context._outer;
        return context;
    }

    public static AmbientContext PushSession(string? id) => Push(Local.Value, null, id ?? "", null, null);

    public static AmbientContext PushUser(string? id) => Push(Local.Value, null, null, id ?? "", null);

    public static AmbientContext PushTrace(AmbientContext? outer, Activity owner, string? session, string? user, string[]? tags) =>
        Push(outer, owner, session, user, tags);

    public static void SetDefaultSession(string? id) => SetDefaults(id, Local.Value?._defaultUser);

    public static void SetDefaultUser(string? id) => SetDefaults(Local.Value?._defaultSession, id);

    public static void SetTags(Activity owner, string[] tags)
    {
        for (AmbientContext? context = Local.Value; context is not null; context = context._outer)
        {
            if (ReferenceEquals(context._owner, owner))
            {
                context.ReplaceTags(tags);
                return;
            }
        }

        Push(Local.Value, owner, null, null, tags);
    }

    /// <summary>Closes the scope that <paramref name="owner"/> opened in this <see cref="ExecutionContext"/>, if any.</summary>
    public static void PopTrace(Activity owner)
    {
        for (AmbientContext? context = Local.Value; context is not null; context = context._outer)
        {
            if (ReferenceEquals(context._owner, owner))
            {
                context.Pop();
                return;
            }
        }
    }

    /// <summary>
    /// Makes this the context of the current <see cref="ExecutionContext"/>. Sequences need it: their code and their consumer's run in
    /// turns.
    /// </summary>
    public static void Restore(AmbientContext? context)
    {
        if (!ReferenceEquals(Local.Value, context))
            Local.Value = context;
    }

    /// <summary>Returns to the outer context without closing any scope: tasks that were started inside keep theirs.</summary>
    public static void LeaveTo(AmbientContext? outside)
    {
        AmbientContext? current = Local.Value;
        if (current is null || ReferenceEquals(current, outside))
            return;

        // The values of SetSession and SetUser stay after the scope.
        Local.Value = current._defaultSession == outside?._defaultSession && current._defaultUser == outside?._defaultUser
            ? outside
            : WithDefaults(outside, current._defaultSession, current._defaultUser);
    }

    /// <summary>
    /// Closes this scope. When inner scopes are open, it stays until they close. Closed in another <see cref="ExecutionContext"/>, it
    /// changes nothing here.
    /// </summary>
    public void Pop()
    {
        (_original ?? this)._closed = true;
        AmbientContext? current = Local.Value;
        if (current is null || !current.IsClosed)
            return;

        AmbientContext? outer = current;
        while (outer is { IsClosed: true })
            outer = outer._outer;

        // The values of SetSession and SetUser stay after the scope.
        if (current._defaultSession != outer?._defaultSession || current._defaultUser != outer?._defaultUser)
            outer = WithDefaults(outer, current._defaultSession, current._defaultUser);
        Local.Value = outer;
    }

    // Inner scopes without tags of their own get the new tags, too.
    private void ReplaceTags(string[] tags)
    {
        string[]? replaced = Tags;
        for (AmbientContext? context = Local.Value; context is not null; context = context._outer)
        {
            if (ReferenceEquals(context.Tags, replaced))
                Volatile.Write(ref context._tags, tags);
            if (ReferenceEquals(context, this))
                return;
        }
    }

    private static AmbientContext Push(AmbientContext? outer, Activity? owner, string? session, string? user, string[]? tags)
    {
        AmbientContext context = new(
            outer, owner, session ?? outer?._scopeSession, user ?? outer?._scopeUser, tags ?? outer?.Tags, outer?._defaultSession,
            outer?._defaultUser);
        Local.Value = context;
        return context;
    }

    private static void SetDefaults(string? session, string? user) => Local.Value = WithDefaults(Local.Value, session, user);

    private static AmbientContext WithDefaults(AmbientContext? context, string? session, string? user) =>
        context is null
            ? new(null, null, null, null, null, session, user)
            : new(context._outer, context._owner, context._scopeSession, context._scopeUser, context.Tags, session, user)
            {
                _original = context._original ?? context,
            };

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
