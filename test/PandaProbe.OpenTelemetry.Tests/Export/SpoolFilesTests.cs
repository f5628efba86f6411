using System.Diagnostics;
using PandaProbe.Export.Spooling;
using PandaProbe.Export.Writing;
using PandaProbe.TestBackend;

namespace PandaProbe.Tests.Export;

/// <summary>Damaged, old, strange and deleted files of a spool, and a disk that refuses.</summary>
public sealed class SpoolFilesTests : SpoolingTest
{
    private static SpoolEntry Entry(string name) =>
        new(Guid.Empty, Guid.Empty, true, 1, false, true, false, false, name, DateTime.UnixEpoch);

    // At once: a replay that is under way would put its lock back into a directory that is being emptied.
    private void TakeAway()
    {
        Directory.Move(Path, Path + ".gone");
        Directory.Delete(Path + ".gone", recursive: true);
    }

    [Fact]
    public async Task Neither_a_named_pipe_nor_a_file_that_somebody_blew_up_is_opened()
    {
        if (OperatingSystem.IsWindows())
            return;

        Directory.CreateDirectory(Path);
        string name = $"{DateTime.UtcNow.Ticks:D19}-00000001-0123abcd";
        using (var made = Process.Start("mkfifo", System.IO.Path.Combine(Path, name + "-pipe.ppspool")))
            await made.WaitForExitAsync();
        using (FileStream sparse = new(System.IO.Path.Combine(Path, name + "-sparse.ppspool"), FileMode.CreateNew))
            sparse.SetLength(3L * 1024 * 1024 * 1024);
        File.CreateSymbolicLink(System.IO.Path.Combine(Path, name + "-zero.ppspool"), "/dev/zero");

        FakeTime time = new();
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = Export(backend, time);
        time.Until(() => Spool.SetAside.Length == 3, "all three are set aside");
        Exporting.Produce(2);
        export.Flush().ShouldBeTrue();
        backend.Traces.Count.ShouldBe(2);
    }

    [Fact]
    public void A_piece_that_cannot_get_its_name_leaves_nothing_behind()
    {
        var spool = PandaProbe.Export.Spooling.Spool.TryOpen(new() { SpoolDirectory = Path }, TimeProvider.System)!;
        using RequestBody body = new();
        body.Write("{}"u8);
        spool.Add(Entry("trace"), body).ShouldBeNull();
        FileInfo whole = spool.Scan().ShouldHaveSingleItem();
        Directory.CreateDirectory(System.IO.Path.Combine(Path, System.IO.Path.GetFileNameWithoutExtension(whole.Name) + "-1.ppspool"));

        spool.AddPiece(whole, 1, Entry("trace"), body).ShouldBeNull();
        Directory.GetFiles(Path).ShouldBe([whole.FullName]);
        spool.AddPiece(whole, 2, Entry("trace"), body).ShouldNotBeNull();
    }

    [Theory]
    [InlineData(64 * 1024, true)]
    [InlineData((64 * 1024) + 1, false)]
    public void A_header_has_at_most_64_KB(int length, bool isRead)
    {
        using RequestBody body = new();
        int others = (int)Written(Entry("")).Length;

        using MemoryStream file = Written(Entry(new string('n', length - others + SpoolEntry.Smallest)));
        file.Position = 0;
        (SpoolEntry.Read(file, body) is not null).ShouldBe(isRead);

        MemoryStream Written(SpoolEntry entry)
        {
            MemoryStream file = new();
            SpoolEntry.Write(file, entry, body);
            return file;
        }
    }

    [Fact]
    public async Task What_was_set_aside_takes_part_of_the_bound()
    {
        Directory.CreateDirectory(Path);
        File.WriteAllBytes(System.IO.Path.Combine(Path, $"{DateTime.UtcNow.Ticks:D19}-00000001-0123abcd.ppspool.bad"), new byte[15_000]);
        FakeTime time = new();
        await using Backend backend = await StartDownAsync();
        using Exporting export = Export(backend, time, options => options.SpoolMaxBytes = 20_000);
        Exporting.Produce(100);
        time.Until(() => export.Health.TracesSpooled + export.Health.TracesDropped == 100, "all are accounted for");
        Directory.GetFiles(Path).Sum(file => new FileInfo(file).Length).ShouldBeLessThanOrEqualTo(20_000);
        export.Health.TracesSpooled.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Files_that_are_damaged_or_half_written_are_set_aside()
    {
        await using Backend backend = await StartDownAsync();
        using (Exporting export = Export(backend))
        {
            Exporting.Produce(5);
            Exporting.Eventually(() => export.Health.TracesSpooled == 5, "everything is on disk");
            export.Exporter.Shutdown(60_000);
        }

        string[] files = [.. Spool.Waiting.Order()];
        byte[] first = File.ReadAllBytes(files[0]);
        first[^5] ^= 1;
        File.WriteAllBytes(files[0], first);
        File.WriteAllBytes(files[1], File.ReadAllBytes(files[1])[..40]);
        File.WriteAllBytes(files[2], []);
        File.WriteAllText(System.IO.Path.Combine(Path, "0000000000000000001-x.ppspool"), "nonsense that was never a spool file");
        File.WriteAllText(System.IO.Path.Combine(Path, "half.tmp"), "half");

        backend.Fault = null;
        using Exporting next = Export(backend);
        next.Ledger.Unbalanced = "nobody can tell what a damaged file held";
        Exporting.Eventually(() => backend.Traces.Count == 2 && next.Health.SpoolSize == 0, "the good ones arrive");
        Spool.SetAside.Length.ShouldBe(4);
        backend.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_file_that_cannot_be_opened_for_now_is_sent_when_it_can()
    {
        await using Backend backend = await StartDownAsync();
        using (Exporting export = Export(backend))
        {
            Exporting.Produce(3);
            Exporting.Eventually(() => export.Health.TracesSpooled == 3, "everything is on disk");
            export.Exporter.Shutdown(60_000);
        }

        backend.Fault = null;
        Exporting next;
        using (new FileStream(
            Spool.Waiting.Order().First(), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            next = Export(backend);
            Exporting.Eventually(() => next.Health.TracesExported == 2, "the others arrive");
        }

        using (next)
        {
            Exporting.Eventually(() => next.Health.TracesExported == 3, "so does the one that was open");
            Exporting.Eventually(() => next.Health.SpoolSize == 0, "the disk is empty");
            Spool.SetAside.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Somebody_elses_lock_is_told_of_once_and_what_waits_behind_it_stays()
    {
        // A directory cannot be written to either, whoever one is.
        string inTheWay = System.IO.Path.Combine(Path, "replay.lock");
        Directory.CreateDirectory(inTheWay);
        using Diagnostics.Events events = new();
        await using Backend backend = await StartDownAsync();
        FakeTime time = new();
        using Exporting export = Export(backend, time);
        Exporting.Produce(3);
        time.Until(() => export.Health.TracesSpooled == 3, "everything is on disk");
        backend.Fault = null;
        time.Until(() => events.Warnings.Any(warning => warning.Contains(Path)), "somebody is told");

        Directory.Delete(inTheWay);
        time.Until(() => export.Health.TracesExported == 3, "everything arrives");
        events.Warnings.Count(warning => warning.Contains(Path)).ShouldBe(1);
    }

    [Fact]
    public async Task The_disk_is_bounded_by_size_and_age_and_what_is_lost_is_counted()
    {
        await using Backend backend = await StartDownAsync();
        using (Exporting export = Export(backend, configure: options => options.SpoolMaxBytes = 20_000))
        {
            Exporting.Produce(100);
            Exporting.Eventually(() => export.Health.TracesSpooled + export.Health.TracesDropped == 100, "all are accounted for");
            export.Health.DroppedByReason["traces.spool_full"].ShouldBe(export.Health.TracesDropped);
            export.Health.SpoolSize.ShouldBeLessThanOrEqualTo(20_000);
            export.Exporter.Shutdown(60_000);
        }

        backend.Fault = null;
        using Exporting next = Export(backend, configure: options => options.SpoolMaxAge = TimeSpan.FromTicks(1));
        Exporting.Eventually(() => next.Health.SpoolSize == 0 && next.Health.TracesDropped > 0, "what is too old goes");
        next.Health.DroppedByReason.Keys.ShouldContain("traces.expired");
        backend.Traces.ShouldBeEmpty();
    }

    [Fact]
    public void What_was_left_half_written_or_set_aside_goes_when_it_is_too_old()
    {
        Directory.CreateDirectory(Path);
        string now = $"{DateTime.UtcNow.Ticks:D19}-00000001-0123abcd";
        string then = $"{DateTime.UtcNow.AddDays(-8).Ticks:D19}-00000001-0123abcd";
        string[] stay = [now + ".tmp", now + ".ppspool.bad", then + ".txt", "somebody else's.tmp", "1.bad"];
        foreach (string name in stay.Concat([then + ".tmp", then + ".ppspool.bad"]))
            File.WriteAllText(System.IO.Path.Combine(Path, name), "x");

        FakeTime time = new();
        using Exporting export = new(new Uri("http://127.0.0.1:1"), options => options.SpoolDirectory = Path, time);
        Rest().ShouldBe(stay, ignoreOrder: true);
        string during = $"{DateTime.UtcNow.AddDays(-7).AddMinutes(1).Ticks:D19}-00000001-0123abcd";
        File.WriteAllText(System.IO.Path.Combine(Path, during + ".tmp"), "x");
        File.WriteAllText(System.IO.Path.Combine(Path, during + ".ppspool.bad"), "x");
        time.Until(() => time.Now > TimeSpan.FromMinutes(2), "time passes", step: 1);
        time.Until(() => Rest().Length == stay.Length, "what becomes too old while the process runs goes too");

        string?[] Rest() => [.. Directory.GetFiles(Path).Select(System.IO.Path.GetFileName).Where(name => name != "replay.lock")];
    }

    [Fact]
    public async Task What_others_leave_in_the_directory_takes_part_of_the_bound_while_the_process_runs()
    {
        FakeTime time = new();
        await using Backend backend = await StartDownAsync();
        using Exporting export = Export(backend, time, options => options.SpoolMaxBytes = 20_000);
        Exporting.Produce(1);
        time.Until(() => export.Health.TracesSpooled == 1, "there is room");
        File.WriteAllBytes(System.IO.Path.Combine(Path, $"{DateTime.UtcNow.Ticks:D19}-00000001-0123abcd.tmp"), new byte[19_000]);
        TimeSpan until = time.Now + TimeSpan.FromSeconds(1);
        time.Until(() => time.Now > until, "the directory is looked at");
        Exporting.Produce(1);
        time.Until(() => export.Health.TracesDropped == 1, "there is none");
        export.Health.DroppedByReason["traces.spool_full"].ShouldBe(1);
    }

    [Fact]
    public async Task A_directory_that_cannot_be_used_is_no_reason_to_fail()
    {
        string file = Path + ".file";
        File.WriteAllText(file, "");
        try
        {
            await using Backend backend = await Backend.StartAsync();
            using Exporting export = new(backend, options => options.SpoolDirectory = file);
            Exporting.Produce(2);
            export.Flush().ShouldBeTrue();
            backend.Traces.Count.ShouldBe(2);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_directory_that_is_taken_away_is_made_anew_and_what_comes_afterwards_arrives()
    {
        await using Backend backend = await StartDownAsync();
        FakeTime time = new();
        using Exporting export = Export(backend, time);
        Exporting.Produce(5);
        time.Until(() => export.Health.TracesSpooled == 5, "everything is on disk");

        TakeAway();
        Exporting.Produce(5, name: "during");
        time.Until(() => export.Health.TracesSpooled == 10, "the disk is there again");
        TakeAway();
        backend.Fault = null;
        time.Until(() => export.Health.SpoolSize == 0, "it is seen that nothing waits any more");
        Exporting.Produce(5, name: "after");
        time.Until(() => backend.Traces.Values.Count(trace => trace.Name?.StartsWith("after", StringComparison.Ordinal) == true) == 5,
            "what came afterwards arrives");

        // One was perhaps under way when its file was deleted.
        time.Until(() => export.Health.TracesExported + export.Health.TracesDropped == 15, "what was deleted is counted");
        export.Health.TracesDropped.ShouldBeGreaterThanOrEqualTo(9);
        export.Health.DroppedByReason["traces.deleted"].ShouldBe(export.Health.TracesDropped);
        export.Health.DroppedByReason["spans.deleted"].ShouldBe(export.Health.TracesDropped);
        export.Errors.ShouldContain(error => error.DropReason == "deleted");
    }

    [Fact]
    public async Task What_another_process_has_sent_is_not_counted_as_deleted()
    {
        await using Backend backend = await StartDownAsync();
        FakeTime time = new();
        using Exporting export = Export(backend, time);
        Exporting.Produce(5);
        time.Until(() => export.Health.TracesSpooled == 5, "everything is on disk");
        await using Backend other = await Backend.StartAsync();
        export.Ledger.Join(other);
        using (Exporting second = new(other, options => options.SpoolDirectory = Path))
            time.Until(() => second.Health.TracesExported == 5, "another exporter sends it between the attempts of the first");

        backend.Fault = null;
        time.Until(() => export.Health.SpoolSize == 0, "it is seen that nothing waits any more");
        TimeSpan until = time.Now + TimeSpan.FromMinutes(1);
        time.Until(() => time.Now > until, "several rounds pass");
        export.Health.TracesDropped.ShouldBe(0);
    }

    [Fact]
    public async Task What_cannot_be_written_to_disk_waits_in_memory()
    {
        await using Backend backend = await StartDownAsync();
        FakeTime time = new();
        using Exporting export = Export(backend, time);
        TakeAway();
        File.WriteAllText(Path, "in the way");
        try
        {
            Exporting.Produce(20);
            time.Until(() => export.Errors.Any(error => error.Message.Contains("waits in memory")), "somebody is told");
            backend.Fault = null;
            time.Until(() => export.Health.TracesExported == 20, "everything arrives");
            backend.SpansStored.ShouldBe(20);
            export.Health.TracesDropped.ShouldBe(0);
            export.ShouldAddUp();
        }
        finally
        {
            File.Delete(Path);
        }
    }

    [Fact]
    public async Task What_cannot_be_deleted_from_disk_is_sent_once_all_the_same()
    {
        // Who may do everything is refused nothing.
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
            return;

        await using Backend backend = await StartDownAsync();
        FakeTime time = new();
        using Exporting export = Export(backend, time);
        Exporting.Produce(5);
        time.Until(() => export.Health.TracesSpooled == 5, "everything is on disk");
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            backend.Fault = null;
            time.Until(() => export.Health.TracesExported == 5, "everything arrives");
            Exporting.Produce(5, name: "after");
            time.Until(() => export.Health.TracesExported == 10, "so does what comes afterwards");
            backend.SpansReceived.ShouldBe(10);
        }
        finally
        {
            File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        time.Until(() => export.Health.SpoolSize == 0, "they go when they can");
        backend.SpansReceived.ShouldBe(10);
    }
}
