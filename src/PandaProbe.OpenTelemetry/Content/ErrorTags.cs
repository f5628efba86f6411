using System.Diagnostics;
using PandaProbe.Conventions;
using PandaProbe.Runtime;

namespace PandaProbe.Content;

/// <summary>Writes a failure on a span: status, <c>error.type</c> and one exception event.</summary>
internal static class ErrorTags
{
    public const string Other = "_OTHER";

    private const string Field = "error";

    public static void Record(Activity activity, Exception exception)
    {
        string type = TypeOf(exception);
        ContentPolicy policy = ContentPolicy.Current;
        activity.SetStatus(ActivityStatusCode.Error, policy.Redact(MessageOf(exception, type), Field));
        activity.SetTag(General.ErrorType, type);
        if (HasExceptionEvent(activity))
            return;

        try
        {
            if (policy.Redacts)
                AddRedacted(activity, exception, type, policy);
            else
                activity.AddException(exception);
        }
        catch (Exception)
        {
            // An exception whose own ToString throws is still reported by its type.
            activity.AddEvent(new ActivityEvent(General.Exception.EventName, tags: new() { { General.Exception.Type, type } }));
        }
    }

    public static void Record(Activity activity, string? error)
    {
        activity.SetStatus(ActivityStatusCode.Error, error is null ? null : ContentPolicy.Current.Redact(error, Field));
        if (activity.GetTagItem(General.ErrorType) is null)
            activity.SetTag(General.ErrorType, Other);
    }

    public static string TypeOf(Exception exception) => exception.GetType().FullName ?? exception.GetType().Name;

    public static string MessageOf(Exception exception, string fallback)
    {
        try
        {
            return exception.Message ?? fallback;
        }
        catch (Exception)
        {
            return fallback;
        }
    }

    // Messages of exceptions often quote the prompt.
    private static void AddRedacted(Activity activity, Exception exception, string type, ContentPolicy policy) =>
        activity.AddEvent(new ActivityEvent(General.Exception.EventName, tags: new()
        {
            { General.Exception.Type, type },
            { General.Exception.Message, policy.Redact(MessageOf(exception, type), Field) },
            { General.Exception.StackTrace, policy.Redact(exception.ToString(), Field) },
        }));

    private static bool HasExceptionEvent(Activity activity)
    {
        foreach (ref readonly ActivityEvent recorded in activity.EnumerateEvents())
        {
            if (recorded.Name == General.Exception.EventName)
                return true;
        }

        return false;
    }
}
