using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Serving;

/// <summary>Looks for spans.</summary>
internal static class SearchApi
{
    /// <summary>How long a page may look before it shows what it has.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    public static void Map(IEndpointRouteBuilder routes, Store store) => routes.MapGet("/api/search", context =>
    {
        using SqliteConnection connection = store.OpenReader();
        SearchPage page = Search.Run(connection, SearchQuery.Parse(context.Text("q")), context.Limit(), context.Text("after"), Patience, store.Time);
        return Answers.WriteAsync(context, page, SearchJson.Default.SearchPage);
    });
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SearchPage))]
internal sealed partial class SearchJson : JsonSerializerContext;
