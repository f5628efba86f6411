using Xunit.Abstractions;

namespace PandaProbe.Safety.Tests;

/// <summary>
/// Telephone numbers of every region of the world, two for each, and other numbers beside them. <c>Data/phones.txt</c> has them as region,
/// international, national and E.164 form, with random digits that Google's numbering plans allow; the library's plans were not made from
/// them.
/// </summary>
public sealed class PhoneTests(ITestOutputHelper output)
{
    private static readonly string[][] Numbers =
        [.. File.ReadLines(Path.Combine(Repository.Root, "test/PandaProbe.Safety.Tests/Data/phones.txt")).Select(line => line.Split(';'))];

    // Where most phone numbers of the world are, and most of those that a prompt has.
    private static readonly string[] Common =
    [
        "US", "CA", "GB", "DE", "FR", "ES", "IT", "NL", "BE", "CH", "AT", "SE", "NO", "DK", "FI", "PL", "PT", "IE", "AU", "NZ", "JP", "KR",
            "CN",
        "IN", "BR", "MX", "RU", "TR", "ZA", "ID",
    ];

    [Fact]
    public void International_numbers_of_every_region_are_found() =>
        Share("international", Numbers, 1, 0.95, Around).ShouldBeGreaterThan(0);

    [Fact]
    public void Numbers_in_one_run_after_a_plus_are_found() => Share("E.164", Numbers, 3, 0.95, Around).ShouldBeGreaterThan(0);

    [Fact]
    public void National_numbers_are_found_after_a_word() => Share("national after a word", Of(Common), 2, 0.75, AfterWord)
        .ShouldBeGreaterThan(0);

    [Fact]
    public void Of_all_numbers_as_they_are_written_three_quarters_are_found_with_one_false_for_ten_true()
    {
        Samples samples = new(77);
        int found = Share("mixed", [.. Of(Common), .. Of(Common)], -1, 0.75, (text, number) =>
            samples.Next(2) == 0 ? AfterWord(text, number) : Around(text, number));
        int wrong = 0, texts = Of(Common).Length * 2;
        List<string> hits = [];
        for (int i = 0; i < texts; i++)
        {
            string text = samples.Prose(samples.Next(10)) + samples.One<Func<string>>(
                samples.Time, samples.Version, samples.Guid, samples.ProvidersId, () => samples.Digits(7 + samples.Next(8)),
                () => $"order {samples.Digits(3)}-{samples.Digits(6)}-{samples.Digits(4)}", () =>
                $"{samples.Digits(3)} {samples.Digits(3)} units",
                () => $"${samples.Digits(3)},{samples.Digits(3)}.{samples.Digits(2)}", () =>
                $"ISBN 978-{samples.Digits(1)}-{samples.Digits(4)}-{samples.Digits(4)}-{samples.Digits(1)}",
                () => $"{samples.Digits(2)} {samples.Digits(2)} {samples.Digits(2)} {samples.Digits(2)}", () =>
                $"page {samples.Digits(3)} of {samples.Digits(4)}",
                () => $"invoice {samples.Digits(10)}", () => $"{samples.Digits(4)}-{samples.Digits(4)}")() + ". "
                + samples.Prose(samples.Next(10));
            if (Sensitive.Scan(text).Any(finding => finding.Type == SensitiveType.Phone))
            {
                wrong++;
                hits.Add(text);
            }
        }

        output.WriteLine($"{wrong} false beside {found} true\n{string.Join('\n', hits.Take(20))}");
        wrong.ShouldBeLessThanOrEqualTo(found / 10);
    }

    private static string[][] Of(string[] regions) => [.. Numbers.Where(number => regions.Contains(number[0]))];

    private static string Around(string text, string number) => text + number + ". " + text;

    private static string AfterWord(string text, string number) => $"{text} tel. {number}, {text}";

    private int Share(string what, string[][] numbers, int form, double least, Func<string, string, string> write)
    {
        Samples samples = new(78);
        List<string> missed = [];
        foreach (string[] number in numbers)
        {
            string value = number[form > 0 ? form : 1 + samples.Next(3)], text = write(samples.Prose(samples.Next(12)), value);
            int at = text.IndexOf(value, StringComparison.Ordinal);
            if (!Sensitive.Scan(text).Any(finding => finding.Type == SensitiveType.Phone
                && finding.Start <= at && finding.End >= at + value.Length))
            {
                missed.Add($"{number[0]} {value}");
            }
        }

        output.WriteLine($"{what}: {numbers.Length - missed.Count} of {numbers.Length}; missed {string.Join(" | ", missed)}");
        missed.Count.ShouldBeLessThanOrEqualTo((int)(numbers.Length * (1 - least)), string.Join(" | ", missed));
        return numbers.Length - missed.Count;
    }
}
