using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Reflection;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace PandaProbe.Local.Serving;

/// <summary>
/// Serves the pages, which are resources of this assembly. Two addresses of pages are addresses of PandaProbe's REST API as well: a browser
/// that opens a page asks for HTML, and a client of the API sends a key.
/// </summary>
internal static class PageFiles
{
    private const string Prefix = "Pages/";
    private const string Assets = "/assets/";
    private const string TracePage = Prefix + "trace.html";

    private static readonly Assembly Assembly = typeof(PageFiles).Assembly;

    /// <summary>
    /// Changes with every build, and is a part of the addresses of files, which a browser then asks for once: it never mixes the files of
    /// two versions.
    /// </summary>
    private static readonly string Version = Assembly.ManifestModule.ModuleVersionId.ToString("N");

    private static readonly FrozenSet<string> Names = Assembly.GetManifestResourceNames()
        .Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal)).ToFrozenSet(StringComparer.Ordinal);

    private static readonly ConcurrentDictionary<string, byte[]> Files = new(StringComparer.Ordinal);

    /// <summary>Answers requests for pages and their files, and passes every other one on.</summary>
    public static Task InvokeAsync(HttpContext context, RequestDelegate next) =>
        HttpMethods.IsGet(context.Request.Method) && Find(context.Request) is { } name ? WriteAsync(context, name) : next(context);

    private static string? Find(HttpRequest request)
    {
        string path = request.Path.Value ?? "";
        if (path.StartsWith(Assets, StringComparison.Ordinal))
        {
            string name = Prefix + path[(IsVersioned(path) ? Assets.Length + Version.Length + 1 : Assets.Length)..];
            return Names.Contains(name) && !name.EndsWith(".html", StringComparison.Ordinal) ? name : null;
        }

        if (!request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
            || request.Headers.ContainsKey("X-API-Key"))
        {
            return null;
        }

        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts switch
        {
            [] => Prefix + "live.html",
            ["sessions", _] => Prefix + "conversation.html",
            ["traces", not ("users" or "analytics")] => TracePage,
            ["compare"] => Prefix + "compare.html",
            ["search"] => Prefix + "search.html",
            _ => null,
        };
    }

    private static bool IsVersioned(string path) => path.StartsWith($"{Assets}{Version}/", StringComparison.Ordinal);

    private static async Task WriteAsync(HttpContext context, string name)
    {
        context.Response.Headers.CacheControl = IsVersioned(context.Request.Path.Value ?? "") ? "max-age=31536000, immutable" : "no-cache";

        // The browser asks for the trace while the page and its modules are still on their way.
        if (name == TracePage)
            context.Response.Headers.Link = $"</api{context.Request.Path.ToUriComponent()}>; rel=preload; as=fetch; crossorigin";
        if (Answers.IsKnown(context, Version))
            return;

        byte[] file = Files.GetOrAdd(name, Read);
        context.Response.ContentLength = file.Length;
        context.Response.ContentType = TypeOf(name);
        await context.Response.Body.WriteAsync(file, context.RequestAborted);
    }

    private static byte[] Read(string name)
    {
        string text = Text(name);
        if (name.EndsWith(".html", StringComparison.Ordinal))
        {
            text = PageModules.NameAll(text, static address => Text(Prefix + address[Assets.Length..]))
                .Replace(Assets, $"{Assets}{Version}/", StringComparison.Ordinal);
        }

        return Encoding.UTF8.GetBytes(text);
    }

    private static string Text(string name)
    {
        using StreamReader reader = new(Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "application/octet-stream",
    };
}
