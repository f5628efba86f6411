using PandaProbe.Safety.Scanning;
using PandaProbe.Tests;

namespace PandaProbe.Safety.Tests;

/// <summary>The pass over the text: its paths agree and take no memory.</summary>
public sealed class ScanTests
{
    [Fact]
    public void All_paths_classify_every_character_alike()
    {
        char[] block = new char[64];
        for (int first = 0; first < 0x10000; first += 64)
        {
            for (int i = 0; i < 64; i++)
            {
                block[i] = (char)(first + i);
            }

            CharacterClasses.ClassifyPlain(block, out CharacterMasks plain);
            CharacterClasses.Classify(ref block[0], out CharacterMasks widest);
            widest.ShouldBe(plain);
            if (System.Runtime.Intrinsics.X86.Ssse3.IsSupported || System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.IsSupported)
            {
                CharacterClasses.Classify128(ref block[0], out CharacterMasks masks);
                masks.ShouldBe(plain);
            }

            if (System.Runtime.Intrinsics.X86.Avx2.IsSupported)
            {
                CharacterClasses.Classify256(ref block[0], out CharacterMasks masks);
                masks.ShouldBe(plain);
            }
        }
    }

    [Fact]
    public void With_vectors_and_without_the_same_is_found()
    {
        Samples samples = new(11);
        SensitiveScanner scanner = new(new SafetyOptions { LeastConfidence = SensitiveConfidence.Low }.MaskPersonalData());
        int found = 0;
        for (int i = 0; i < 3000; i++)
        {
            string text = samples.Prose(samples.Next(30)) + samples.One<Func<string>>(
                () => samples.Secret(out _), () => samples.Grouped(samples.Card(out _), ' '), samples.Email, () =>
                    samples.Assignment(out _), samples.Json, samples.Iban, () => samples.Password(out _))()
                    + samples.Prose(samples.Next(30));
            List<SensitiveFinding>? vectors = scanner.Find(text, default, default),
                plain = scanner.Find(text, default, default, plain: true);
            (vectors ?? []).ShouldBe(plain ?? []);
            found += vectors?.Count ?? 0;
        }

        found.ShouldBeGreaterThan(1300);
    }

    [Fact]
    public void Nothing_is_allocated_when_nothing_is_found()
    {
        Samples samples = new(12);
        string prose = samples.Prose(2000), json = samples.Json() + samples.Json();
        SensitiveScanner scanner = new(new SafetyOptions().MaskPersonalData());
        foreach (string text in new[] { prose, json })
        {
            scanner.Scan(text).ShouldBeEmpty();
            Allocated.By(() => scanner.Scan(text)).ShouldBe(0);
        }
    }

    [Fact]
    public void Any_text_is_scanned_without_an_exception()
    {
        Random random = new(13);
        const string Alphabet = "@:=%.-_+/ \"'\\{}[](),0123456789aAeEzZxXnu\n\u00A0é😀AKIAghp_eyJ-----BEGIN";
        SensitiveScanner scanner = new(new SafetyOptions().MaskPersonalData());
        for (int i = 0; i < 30_000; i++)
        {
            char[] text = new char[random.Next(200)];
            for (int j = 0; j < text.Length; j++)
            {
                text[j] = Alphabet[random.Next(Alphabet.Length)];
            }

            string value = new(text);
            MaskedText masked = scanner.Mask(value);
            masked.Outcome.ShouldNotBe(SafetyOutcome.Withheld, value);
        }
    }
}
