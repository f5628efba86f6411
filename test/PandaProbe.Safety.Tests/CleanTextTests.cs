using Xunit.Abstractions;

namespace PandaProbe.Safety.Tests;

/// <summary>What must not be found.</summary>
public sealed class CleanTextTests(ITestOutputHelper output)
{
    [Fact]
    public void Ids_of_providers_guids_hashes_times_and_versions_are_left_alone()
    {
        Samples samples = new(5);
        List<string> hits = [];
        for (int i = 0; i < 20_000; i++)
        {
            string value =
                samples.One<Func<string>>(
                    samples.ProvidersId, samples.Guid, () => samples.Chars(Samples.Hex, samples.One(16, 32, 40, 64, 128)), samples.Time,
                samples.Version, () => "sha512-" + Convert.ToBase64String(new byte[3]) + samples.Chars(Samples.Alnum, 80) + "==")();
            string text = samples.One("", "id ", "\"id\":\"", "span=", "tool_call_id: ", "see ") + value
                + samples.One("", "\"", " ", ",", "\n");
            hits.AddRange(Sensitive.Scan(text).Select(finding => $"{finding.Type} {finding.Detector}: {text}"));
        }

        output.WriteLine($"{hits.Count} of 20000\n{string.Join('\n', hits.Take(30))}");
        hits.ShouldBeEmpty();
    }

    [Fact]
    public void Documents_without_anything_sensitive_stay_as_they_are()
    {
        Samples samples = new(6);
        List<string> hits = [];
        for (int i = 0; i < 400; i++)
        {
            string json = samples.Json();
            hits.AddRange(Sensitive.Scan(json)
                .Select(finding => $"{finding.Type} {finding.Detector}: {json[Math.Max(0, finding.Start - 12)..finding.End]}"));
            Sensitive.Mask(json).ShouldBeSameAs(json);
        }

        output.WriteLine($"{hits.Count} in 400\n{string.Join('\n', hits.Take(30))}");
        hits.ShouldBeEmpty();
    }

    [Fact]
    public void Prose_and_images_in_base64_stay_as_they_are()
    {
        Samples samples = new(7);
        Sensitive.Scan(samples.Prose(20_000)).ShouldBeEmpty();
        byte[] image = new byte[200_000];
        new Random(3).NextBytes(image);
        Sensitive.Scan("data:image/png;base64," + Convert.ToBase64String(image)).ShouldBeEmpty();
    }

    [Fact]
    public void The_source_of_this_repository_has_no_secrets_but_those_of_its_tests()
    {
        string[] files =
            [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal)
            && !file.Contains("PandaProbe.Safety", StringComparison.Ordinal))];
        SensitiveScanner scanner = new();
        List<string> hits = [];
        long characters = 0;
        foreach (string file in files)
        {
            string text = File.ReadAllText(file);
            characters += text.Length;
            hits.AddRange(scanner.Scan(text)
                .Select(finding =>
                $"{finding.Type} {finding.Detector} {Path.GetFileName(file)}: {text[Math.Max(0, finding.Start - 30)..finding.End]}"));
        }

        output.WriteLine($"{hits.Count} in {characters} characters\n{string.Join('\n', hits.Take(30))}");
        hits.ShouldBeEmpty();
    }
}
