using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace PandaProbe.Local.Serving;

/// <summary>Reads the parameters of a request. What is not understood counts as not given.</summary>
internal static class Parameters
{
    public static string? Text(this HttpContext context, string name) =>
        context.Request.Query[name].ToString() is { Length: > 0 } text ? text : null;

    public static int Limit(this HttpContext context, int otherwise = 50) =>
        int.TryParse(context.Request.Query["limit"], CultureInfo.InvariantCulture, out int limit) ? limit : otherwise;

    public static double? Number(this HttpContext context, string name) =>
        double.TryParse(context.Request.Query[name], CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number : null;

    public static bool? Flag(this HttpContext context, string name) => context.Request.Query[name].ToString() switch
    {
        "1" or "true" => true,
        "0" or "false" => false,
        _ => null,
    };

    /// <summary>Kestrel decodes a path but for its encoded slashes. Names of sessions may have slashes.</summary>
    public static string Route(this HttpContext context, string name) =>
        (context.Request.RouteValues[name]?.ToString() ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
