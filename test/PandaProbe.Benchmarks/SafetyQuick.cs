using System.Text;
using PandaProbe.Safety;

namespace PandaProbe.Benchmarks;

/// <summary>
/// Million characters a second of the scanner beside sixteen source-generated patterns, by kind of text and for hostile ones:
/// <c>dotnet run -c Release --project test/PandaProbe.Benchmarks -- safety</c>. The best of many rounds, in time of the processor.
/// </summary>
internal static class SafetyQuick
{
    private const int Characters = 200_000, Rounds = 30;

    public static int Run()
    {
        SensitiveScanner all = new(new SafetyOptions().MaskPersonalData()), secrets = new();
        Console.WriteLine(
            "million characters/s       secrets       all  no vectors      mask  patterns       x   bytes   found  patterns");
        foreach ((string kind, string text) in Texts())
        {
            double ofSecrets = Rate(text, () => secrets.Scan(text)), ofAll = Rate(text, () => all.Scan(text)),
                plain = Rate(text, () => all.Find(text, default, default, plain: true));
            double mask = Rate(text, () => all.Mask(text)), patterns = Rate(text, () => SafetyPatterns.Count(text), most: 3);
            long before = GC.GetAllocatedBytesForCurrentThread();
            int found = all.Scan(text).Count;
            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            Console.WriteLine(
                $"{kind,-24}{ofSecrets,10:F0}{ofAll,10:F0}{plain,12:F0}{mask,10:F0}{patterns,10:F1}{ofAll / patterns,8:F0}{bytes,8}{found,8}{SafetyPatterns.Count(text),10}");
        }

        return 0;
    }

    private static double Rate(string text, Action scan, int most = Rounds)
    {
        double best = double.MaxValue;
        int perRound = 1;
        for (int round = -3; round < most; round++)
        {
            TimeSpan start = Environment.CpuUsage.TotalTime;
            for (int i = 0; i < perRound; i++)
            {
                scan();
            }

            double seconds = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
            if (round < 0)
            {
                // The clock of the processor ticks slowly; a round has to take some milliseconds.
                perRound = seconds < 0.004 ? Math.Min(perRound * 8, 400) : perRound;
                continue;
            }

            best = Math.Min(best, seconds / perRound);
        }

        return text.Length / best / 1e6;
    }

    private static IEnumerable<(string Kind, string Text)> Texts()
    {
        foreach (string kind in new[] { "english", "code", "cjk", "base64", "json" })
        {
            yield return (kind, TokenizationTexts.Make(kind, 1, Characters));
        }

        yield return ("dense json", DenseJson());
        yield return ("digits", Repeat("1234567890"));
        yield return ("digits in groups", Repeat("1234 5678 "));
        yield return ("single digits", Repeat("1 2 3 4 5 "));
        yield return ("cards that fail", Repeat("4111 1111 1111 1112 "));
        yield return ("dotted digits", Repeat("1.2.3.4.5.6."));
        yield return ("phones that fail", Repeat("call +00 123 456 78 "));
        yield return ("@@@@", Repeat("@"));
        yield return ("a@a@", Repeat("a@"));
        yield return ("a.a@a.a@", Repeat("a.a@"));
        yield return ("::::", Repeat(":"));
        yield return ("a:b:c:", Repeat("a:b:c:1:"));
        yield return ("key=key=", Repeat("token="));
        yield return ("%41%41", Repeat("%41"));
        yield return ("-----", Repeat("-"));
        yield return ("-----BEGIN", Repeat("-----BEGIN "));
        yield return ("eyJ.eyJ.", Repeat("eyJhbGciOiJIUzI1NiJ9."));
        yield return ("sk-sk-sk-", Repeat("sk-"));
        yield return ("111…1 of base58", Repeat("1111111111111111111111111111111111 "));
        yield return ("nested base64", Nested());
        yield return ("base64 of text",
            Convert.ToBase64String(Encoding.UTF8.GetBytes(TokenizationTexts.Make("english", 2, Characters * 3 / 4))));
    }

    private static string Repeat(string part) => string.Concat(Enumerable.Repeat(part, Characters / part.Length));

    private static string Nested()
    {
        string text = TokenizationTexts.Make("english", 3, Characters / 4);
        while (text.Length < Characters)
        {
            text = Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
        }

        return text[..Characters];
    }

    private static string DenseJson()
    {
        Random random = new(4);
        StringBuilder json = new("[");
        while (json.Length < Characters)
        {
            byte[] id = new byte[16];
            random.NextBytes(id);
            json.Append(
                $"{{\"id\":\"{new Guid(id)}\",\"n\":{random.Next(100000)},\"at\":\"2026-11-{random.Next(10, 28)}T{random.Next(10, 23)}:{random.Next(10, 59)}:07.{random.Next(100000, 999999)}Z\",\"ok\":true,\"score\":0.{random.Next()},\"tags\":[\"a\",\"b\"],\"hash\":\"{Convert.ToHexString(id)}\"}},");
        }

        return json.Append("null]").ToString();
    }
}
