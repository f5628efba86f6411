using System.Text;
using System.Text.RegularExpressions;

namespace PandaProbe.Local.Serving;

/// <summary>
/// Names every module of a page in its HTML. A module that the browser finds only when another one has arrived costs a round trip.
/// </summary>
internal static partial class PageModules
{
    /// <summary>Returns the page with a <c>modulepreload</c> for each module that its scripts import, directly or through others.</summary>
    /// <param name="html">The page.</param>
    /// <param name="read">Reads a module by its address, for example <c>/assets/shared/dom.js</c>.</param>
    public static string NameAll(string html, Func<string, string> read)
    {
        HashSet<string> scripts = [.. Scripts().Matches(html).Select(static match => match.Groups[1].Value)];
        SortedSet<string> modules = new(StringComparer.Ordinal);
        Queue<string> left = new(scripts);
        while (left.TryDequeue(out string? address))
        {
            Uri from = new(new Uri("http://viewer"), address);
            foreach (Match import in Imports().Matches(read(address)))
            {
                string imported = new Uri(from, import.Groups[1].Value).AbsolutePath;
                if (!scripts.Contains(imported) && modules.Add(imported))
                    left.Enqueue(imported);
            }
        }

        StringBuilder links = new();
        foreach (string module in modules)
            links.Append("  <link rel=\"modulepreload\" href=\"").Append(module).Append("\">\n");
        return html.Replace("</head>", links + "</head>", StringComparison.Ordinal);
    }

    [GeneratedRegex("""<script type="module" src="([^"]+)">""")]
    private static partial Regex Scripts();

    [GeneratedRegex("""^import [^;]*?"([^"]+)";""", RegexOptions.Multiline)]
    private static partial Regex Imports();
}
