namespace PandaProbe.Pricing.Tests;

public sealed class PriceFileWatcherTests : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private readonly string _folder = Directory.CreateTempSubdirectory("prices").FullName;
    private readonly ManualTime _time = new();
    private PriceBook _book = PriceBook.Default;
    private readonly List<string> _reports = [];
    private DateTime _written = new(2026, 11, 20, 0, 0, 0, DateTimeKind.Utc);

    private string File => Path.Combine(_folder, "prices.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_file_is_used_from_the_start()
    {
        Write(1);
        using PriceFileWatcher watcher = Start();

        Price().ShouldBe(1m);
        _reports.ShouldBeEmpty();
    }

    [Fact]
    public void An_edited_file_takes_effect_without_a_restart()
    {
        Write(1);
        using PriceFileWatcher watcher = Start();
        Write(2);

        Price().ShouldBe(1m);
        _time.Advance(Interval + PriceFileWatcher.SettleTime);

        Price().ShouldBe(2m);
    }

    [Fact]
    public void A_file_is_read_only_when_nobody_writes_it_any_more()
    {
        Write(1);
        using PriceFileWatcher watcher = Start();

        Write(2);
        _time.Advance(Interval);
        Write(3);
        _time.Advance(PriceFileWatcher.SettleTime);
        Price().ShouldBe(1m);
        _time.Advance(PriceFileWatcher.SettleTime);

        Price().ShouldBe(3m);
    }

    [Fact]
    public void A_broken_file_keeps_the_prices_and_says_why_once()
    {
        Write(1);
        using PriceFileWatcher watcher = Start();

        WriteText("""{ "models": [ { "model": "m", "inp""");
        _time.Advance(10 * Interval);
        Price().ShouldBe(1m);
        _reports.ShouldHaveSingleItem().ShouldContain(File);

        Write(2);
        _time.Advance(2 * Interval);
        Price().ShouldBe(2m);
    }

    [Fact]
    public void A_file_that_is_no_text_keeps_the_prices()
    {
        Write(1);
        using PriceFileWatcher watcher = Start();

        WriteText("""[{ "model": "\ud800", "input": 2 }]""");
        _time.Advance(2 * Interval);

        Price().ShouldBe(1m);
        _reports.ShouldHaveSingleItem().ShouldContain(File);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(100L * 24 * 60 * 60 * 1000)]
    public void A_file_that_is_hardly_ever_looked_at_is_read_all_the_same(long milliseconds)
    {
        Write(1);
        using PriceFileWatcher watcher = Start(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System);

        Price().ShouldBe(1m);
    }

    [Fact]
    public void A_file_that_disappears_keeps_the_prices_until_it_is_back()
    {
        Write(1);
        using PriceFileWatcher watcher = Start();

        System.IO.File.Delete(File);
        _time.Advance(10 * Interval);
        Price().ShouldBe(1m);
        _reports.ShouldHaveSingleItem();

        Write(2);
        _time.Advance(2 * Interval);
        Price().ShouldBe(2m);
    }

    [Fact]
    public void A_file_that_comes_later_is_noticed()
    {
        using PriceFileWatcher watcher = Start();
        _reports.ShouldHaveSingleItem();
        Price().ShouldBeNull();

        Write(1);
        _time.Advance(2 * Interval);

        Price().ShouldBe(1m);
    }

    [Fact]
    public void A_file_replaced_by_another_is_noticed()
    {
        Write(1);
        using PriceFileWatcher watcher = Start();

        string next = Path.Combine(_folder, "next.json");
        WriteText(Json(2), next);
        System.IO.File.Move(next, File, overwrite: true);
        _time.Advance(2 * Interval);

        Price().ShouldBe(2m);
    }

    [Fact]
    public void A_mounted_configuration_map_is_followed_through_its_links()
    {
        if (OperatingSystem.IsWindows())
            return;

        // As Kubernetes does it: prices.json -> ..data/prices.json, ..data -> ..1, and a change replaces the link ..data.
        Directory.CreateDirectory(Path.Combine(_folder, "..1"));
        Directory.CreateDirectory(Path.Combine(_folder, "..2"));
        WriteText(Json(1), Path.Combine(_folder, "..1", "prices.json"));
        Directory.CreateSymbolicLink(Path.Combine(_folder, "..data"), "..1");
        System.IO.File.CreateSymbolicLink(File, Path.Combine("..data", "prices.json"));
        using PriceFileWatcher watcher = Start();
        Price().ShouldBe(1m);

        WriteText(Json(2), Path.Combine(_folder, "..2", "prices.json"));
        Directory.CreateSymbolicLink(Path.Combine(_folder, "..new"), "..2");
        Directory.Delete(Path.Combine(_folder, "..data"));
        Directory.Move(Path.Combine(_folder, "..new"), Path.Combine(_folder, "..data"));
        _time.Advance(2 * Interval);

        Price().ShouldBe(2m);
    }

    [Fact]
    public void A_file_too_large_to_be_a_price_list_is_not_read()
    {
        WriteText(new string(' ', (4 * 1024 * 1024) + 1));
        using PriceFileWatcher watcher = Start();

        _reports.ShouldHaveSingleItem().ShouldContain("larger");
    }

    [Fact]
    public void Nothing_is_watched_after_the_end()
    {
        Write(1);
        Start().Dispose();

        _time.ActiveTimers.ShouldBe(0);
    }

    private static string Json(int price) => $$"""{ "models": [ { "model": "m", "input": {{price}} } ] }""";

    private PriceFileWatcher Start() => Start(Interval, _time);

    private PriceFileWatcher Start(TimeSpan interval, TimeProvider time)
    {
        PriceFileWatcher watcher = new(File, interval, time, prices => _book = PriceBook.Default.With([.. prices]), _reports.Add);
        watcher.Start();
        return watcher;
    }

    private void Write(int price) => WriteText(Json(price));

    // The time of writing is set, so that no test depends on the resolution of the file system's clock.
    private void WriteText(string text, string? path = null)
    {
        System.IO.File.WriteAllText(path ?? File, text);
        System.IO.File.SetLastWriteTimeUtc(path ?? File, _written = _written.AddSeconds(1));
    }

    private decimal? Price() =>
        _book.TryGetCost(null, "m", TokenUsage.Inclusive(input: 1_000_000), DateTimeOffset.UnixEpoch, out Cost cost) ? cost.Total : null;
}
