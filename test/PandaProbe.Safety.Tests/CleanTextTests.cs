using System.Text;
using Xunit.Abstractions;

namespace PandaProbe.Safety.Tests;

/// <summary>What must not be found.</summary>
public sealed class CleanTextTests(ITestOutputHelper output)
{
    private static readonly string[] Packages =
        ["react", "token", "auth", "core", "key", "cache", "secret", "http", "parser", "types", "session", "utils", "vault", "api",
            "stripe"];

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
    public void Lock_files_and_checksums_have_no_secret_in_a_megabyte()
    {
        Samples samples = new(8);
        StringBuilder text = new();
        while (text.Length < 1_000_000)
        {
            string package = $"{samples.One(Packages)}-{samples.One(Packages)}",
                version = $"{samples.Next(20)}.{samples.Next(20)}.{samples.Next(100)}";
            string sha1 = samples.Chars(Samples.Hex, 40), sha256 = samples.Chars(Samples.Hex, 64), base64 = Base64(samples, 64),
                short64 = Base64(samples, 32);
            text.Append(samples.One(
                $"    \"node_modules/{package}\": {{\n      \"version\": \"{version}\",\n      \"resolved\": \"https://registry.example/{package}/-/{package}-{version}.tgz\",\n      \"integrity\": \"sha512-{base64}\"\n    }},\n",
                $"{package}@^{version}:\n  version \"{version}\"\n  resolved \"https://registry.example/{package}-{version}.tgz#{sha1}\"\n  integrity sha512-{base64}\n\n",
                $"[[package]]\nname = \"{package}\"\nversion = \"{version}\"\nsource = \"registry+https://registry.example/index\"\nchecksum = \"{sha256}\"\n\n",
                $"example.com/{package} v{version}-0.20240102150405-{sha1[..12]} h1:{short64}\nexample.com/{package} v{version}/go.mod h1:{short64}\n",
                $"{package}=={version} \\\n    --hash=sha256:{sha256} \\\n    --hash=sha256:{samples.Chars(Samples.Hex, 64)}\n",
                $"      \"{package}\": {{\n        \"type\": \"Direct\",\n        \"resolved\": \"{version}\",\n        \"contentHash\": \"{base64}\"\n      }},\n",
                $"{sha256}  dist/{package}-{version}.tar.gz\n{samples.Chars(Samples.Hex, 32)} *{package}.zip\n",
                $"commit {sha1}\nAuthor: {samples.One(Packages)}\nDate:   Tue Mar {1 + samples.Next(28)} 12:{10 + samples.Next(49)}:07 2026 +0100\n\n    {samples.Prose(6)}\n\nindex {sha1[..7]}..{sha256[..7]} 100644\n",
                $"<script src=\"/static/{package}.{sha1[..8]}.js\" integrity=\"sha384-{Base64(samples, 48)}\" crossorigin></script>\n",
                $"/* eslint-disable */ var {samples.One(Packages)}={{tokenIndex:{samples.Next(99)},keyCode:{samples.Next(99)},password:null,secretKey:void 0,authToken:e.token}};\n",
                $"FROM {package}@sha256:{sha256}\nuses: actions/{package}@{sha1}\n"));
        }

        string lines = text.ToString();
        string[] hits = [.. new SensitiveScanner().Scan(lines)
            .Select(finding => $"{finding.Type} {finding.Detector}: {lines[Math.Max(0, finding.Start - 40)..finding.End]}")];
        output.WriteLine($"{hits.Length} in {lines.Length} characters\n{string.Join('\n', hits.Take(30))}");
        hits.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(
        "Die Sitzung beginnt um 10:30 Uhr in Raum 4.12; das Passwort vergibt die Verwaltung, und der Schlüssel liegt bei Frau Maier.")]
    [InlineData("Le mot de passe doit contenir 12 caractères. La clé se trouve à l'accueil, 3e étage, bureau 1204, de 8 h à 18 h.")]
    [InlineData("La contraseña: se cambia cada 90 días. El total es de 1.234.567,89 € (IVA 21 %) y vence el 30/06/2026.")]
    [InlineData("La password va cambiata ogni 90 giorni; il token scade dopo 3600 secondi, vedi pagina 12 del manuale, versione 4.2.1.")]
    [InlineData("O token expira em 15 minutos. Pedido n.º 2026/004512, total R$ 1.299,00 em 12 vezes de R$ 108,25.")]
    [InlineData("Пароль: не менее 12 символов. Заседание 12.03.2026 в 10:30, кабинет 405, дело № 2-1234/2026.")]
    [InlineData("密码：至少 12 个字符。会议时间为 2026年3月12日 10:30，房间 405，订单号 20260312004512。")]
    [InlineData("パスワードは12文字以上です。会議は2026年3月12日10時30分から、会議室405、注文番号20260312004512です。")]
    [InlineData("비밀번호는 12자 이상이어야 합니다. 회의는 2026년 3월 12일 10시 30분, 405호실입니다.")]
    [InlineData("Hasło: co najmniej 12 znaków. Zamówienie nr 2026/03/4512 na kwotę 1 234,56 zł, termin 30.06.2026.")]
    [InlineData("Wachtwoord: minimaal 12 tekens. Vergadering om 10.30 uur, kamer 4.12, bestelling 2026-004512 van 1.234,56 euro.")]
    [InlineData("Şifre: en az 12 karakter. Toplantı 12.03.2026 saat 10:30, oda 405, sipariş no 2026004512, tutar 1.234,56 TL.")]
    public void Prose_of_many_languages_stays_as_it_is(string text) => Sensitive.Mask(text).ShouldBeSameAs(text);

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

    private static string Base64(Samples samples, int bytes)
    {
        byte[] random = [.. Enumerable.Range(0, bytes).Select(_ => (byte)samples.Next(256))];
        return Convert.ToBase64String(random);
    }
}
