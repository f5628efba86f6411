using System.Diagnostics;
using PandaProbe.Conventions;
using PandaProbe.Runtime;

namespace PandaProbe.Content;

/// <summary>Writes a failure on a span: status, <c>error.type</c> and one exception event.</summary>
internal static class ErrorTags
{
    public const string Other = "_OTHER";

    private const string Unknown = "error";

    public static void Record(Activity activity, Exception exception)
    {
        string type = TypeOf(exception);
        activity.SetTag(General.ErrorType, type);
        Describe(activity, exception);
    }

    /// <summary>Sets the status description and the exception event, and keeps <c>error.type</c>.</summary>
    public static void Describe(Activity activity, Exception exception)
    {
        string type = TypeOf(exception);
        bool captures = ContentPolicy.Current.Capture;
        Fail(activity, captures ? MessageOf(exception, type) : null);
        if (HasExceptionEvent(activity, out _))
            return;

        try
        {
            if (captures)
                activity.AddException(exception);
            else
                AddFrames(activity, exception, type);
        }
        catch (Exception)
        {
            // An exception whose own ToString throws is still reported by its type.
            activity.AddEvent(new ActivityEvent(General.Exception.EventName, tags: new() { { General.Exception.Type, type } }));
        }
    }

    public static void Record(Activity activity, string? error)
    {
        if (activity.GetTagItem(General.ErrorType) is null)
            activity.SetTag(General.ErrorType, Other);
        Fail(activity, error is null ? activity.StatusDescription : ContentPolicy.Current.Capture ? error : null);
    }

    /// <summary>
    /// Marks the span as failed. Without a text, the type describes the error: several backends show a failed span without a description
    /// as an empty line.
    /// </summary>
    public static void Fail(Activity activity, string? text)
    {
        if (string.IsNullOrEmpty(text))
            text = activity.GetTagItem(General.ErrorType) is string and not Other and var type ? type : Unknown;
        activity.SetStatus(ActivityStatusCode.Error, text);
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

    // Messages of exceptions often quote the prompt. The frames of a stack trace quote nothing.
    private static void AddFrames(Activity activity, Exception exception, string type)
    {
        ActivityTagsCollection tags = new() { { General.Exception.Type, type } };
        if (exception.StackTrace is { } trace)
            tags.Add(General.Exception.StackTrace, trace);
        activity.AddEvent(new ActivityEvent(General.Exception.EventName, tags: tags));
    }

    public static bool HasExceptionEvent(Activity activity, out string? message)
    {
        foreach (ref readonly ActivityEvent recorded in activity.EnumerateEvents())
        {
            if (recorded.Name == General.Exception.EventName)
            {
                message = recorded.Tags.FirstOrDefault(tag => tag.Key == General.Exception.Message).Value as string;
                return true;
            }
        }

        message = null;
        return false;
    }
}
