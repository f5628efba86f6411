using System.Collections;
using System.Reflection;
using PandaProbe.Safety;
using PandaProbe.Safety.Scanning;
using PandaProbe.Safety.Secrets;

namespace PandaProbe.Benchmarks;

/// <summary>
/// Looks for texts that the scanner is slow on: every literal of its detectors, alone, beside each sign, and by chance beside one another,
/// repeated. Prints the slowest, in million characters a second of the thread's processor time: <c>dotnet run -c Release --project
/// test/PandaProbe.Benchmarks -- safety-worst [seed]</c>. Goal: 50 for each.
/// </summary>
internal static class SafetyWorst
{
    private const int FirstLength = 32_768, Length = 262_144, ByChance = 20_000, Remeasured = 200, Shown = 20, Rounds = 9;

    private static readonly string[] Signs =
    [
        .. Enumerable.Range(' ', '~' - ' ' + 1).Select(static sign => ((char)sign).ToString())
        .Where(static sign => !char.IsLetter(sign[0])),
        "a", "F", "x", "é", "\n", "\u00A0", "://", "=\"", "='", ": ", "\":\"", "\\n", "\\\"", "%3D", "&a=", " (", "12", "1234", "41111111",
        "12345678901", "+49", "a@b.", "Bearer ",
    ];

    private static readonly SensitiveScanner Scanner = new(new SafetyOptions().MaskPersonalData());

    public static int Run(string[] args)
    {
        int seed = args is [var given] ? int.Parse(given, null) : 1;
        Random random = new(seed);
        string[] literals = [.. Literals().Concat(SecretForms.Forms.Select(static form => form.Prefix)).Concat(Signs).Distinct()];
        string[] parts =
        [
            .. literals,
            .. literals.SelectMany(static literal => Signs, static (literal, sign) => literal + sign),
            .. Enumerable.Range(0, ByChance).Select(_ => string.Concat(
                Enumerable.Range(0, random.Next(2, 5)).Select(_ => random.Next(2) == 0 ? Pick(literals) : Pick(Signs)))),
        ];
        Console.WriteLine($"{literals.Length} literals, {parts.Length} texts, seed {seed}");
        (string Part, double Rate)[] slowest =
        [
            .. parts.Select(static part => (Part: part, Rate: Rate(part, FirstLength, rounds: 1)))
                .OrderBy(static text => text.Rate).Take(Remeasured)
                .Select(static text => (text.Part, Rate: Rate(text.Part, Length, Rounds)))
                .OrderBy(static text => text.Rate).Take(Shown),
        ];
        foreach ((string part, double rate) in slowest)
            Console.WriteLine($"{rate,8:F1}  {part.Replace("\n", "\\n", StringComparison.Ordinal)}");
        return 0;

        string Pick(string[] from) => from[random.Next(from.Length)];
    }

    private static double Rate(string part, int length, int rounds)
    {
        string text = string.Concat(Enumerable.Repeat(part, (length / part.Length) + 1));
        TimeSpan best = TimeSpan.MaxValue;
        for (int round = 0; round < rounds; round++)
        {
            TimeSpan? start = ThreadTime.Now;
            Scanner.Find(text, default, default);
            TimeSpan time = ThreadTime.Now - start ?? throw new PlatformNotSupportedException();
            best = time < best ? time : best;
        }

        return text.Length / best.TotalMicroseconds;
    }

    private static IEnumerable<string> Literals()
    {
        foreach (FieldInfo field in typeof(SensitiveScanner).Assembly.GetTypes().Where(static type => !type.ContainsGenericParameters)
            .Where(static type => type.Namespace is "PandaProbe.Safety.Secrets" or "PandaProbe.Safety.Words" or "PandaProbe.Safety.Numbers")
            .SelectMany(static type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)))
        {
            foreach (string text in Texts(field.IsLiteral ? field.GetRawConstantValue() : field.GetValue(null), 3))
            {
                if (text.Length is > 0 and < 32)
                    yield return text;
            }
        }
    }

    private static IEnumerable<string> Texts(object? value, int depth) => value switch
    {
        string text => [text],
        IEnumerable items when depth > 0 => items.Cast<object?>().SelectMany(item => Texts(item, depth - 1)),
        { } other when depth > 0 && other.GetType().Namespace?.StartsWith("PandaProbe.", StringComparison.Ordinal) == true =>
            other.GetType().GetFields(BindingFlags.Instance | BindingFlags.NonPublic)
                .SelectMany(field => Texts(field.GetValue(other), depth - 1)),
        _ => [],
    };
}
