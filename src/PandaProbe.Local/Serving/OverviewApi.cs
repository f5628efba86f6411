using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Serving;

/// <summary>
/// The numbers above the list: sums over the newest traces. Over all of a million they would take seconds, and tell of last month.
/// </summary>
internal static class OverviewApi
{
    private const int MostTraces = 1000;

    public static void Map(IEndpointRouteBuilder routes, Store store) => routes.MapGet("/api/overview", context =>
    {
        using SqliteConnection connection = store.OpenReader();
        return Answers.WriteAsync(context, Read(connection, Ports(context)), OverviewJson.Default.OverviewAnswer);
    });

    private static OverviewAnswer Read(SqliteConnection connection, (int Http, int Grpc) ports)
    {
        using Statement rows = new(
            connection, $"SELECT end - start, status, {Sums.Columns} FROM trace ORDER BY start DESC, id DESC LIMIT {MostTraces}");
        Sums sums = default;
        long failed = 0;
        List<double> durations = [];
        while (rows.Step())
        {
            sums += Sums.Read(rows, 2);
            failed += rows.Text(1) == "ERROR" ? 1 : 0;
            if (rows.Text(1) is "COMPLETED" or "ERROR")
                durations.Add(Times.Milliseconds(Math.Max(0, rows.Long(0))));
        }

        durations.Sort();
        long traces = Schema.Number(connection, "SELECT count(*) FROM trace");
        long deleted = Schema.Number(connection, $"SELECT value FROM fact WHERE name = '{Retention.DeletedTraces}'");
        return new(traces, Math.Min(traces, MostTraces), failed, SumItem.Of(sums), At(durations, 0.5), At(durations, 0.95), deleted,
            ports.Http, ports.Grpc);
    }

    private static double? At(List<double> sorted, double share) =>
        sorted.Count == 0 ? null : sorted[(int)Math.Min(sorted.Count - 1, sorted.Count * share)];

    private static (int Http, int Grpc) Ports(HttpContext context)
    {
        ICollection<string> addresses = context.RequestServices.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!.Addresses;
        int[] ports = [.. addresses.Select(static address => new Uri(address).Port).Distinct()];
        return (ports[0], ports[^1]);
    }
}

/// <summary>The answer of <c>GET /api/overview</c>.</summary>
/// <remarks>
/// All but <see cref="Traces"/> and <see cref="DeletedTraces"/> are about the <see cref="Newest"/> traces; percentiles are milliseconds.
/// </remarks>
internal sealed record OverviewAnswer(
    long Traces, long Newest, long Failed, SumItem Sums, double? P50, double? P95, long DeletedTraces, int HttpPort, int GrpcPort);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OverviewAnswer))]
internal sealed partial class OverviewJson : JsonSerializerContext;
