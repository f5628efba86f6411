namespace PandaProbe.Safety.Tests;

/// <summary>Valid examples of each country's numbers, and the same with a wrong checksum.</summary>
public sealed class NationalIdTests
{
    [Theory]
    [InlineData("us-ssn", "SSN 536-90-4399", null)]
    [InlineData("ca-sin", "SIN: 130 692 544", "SIN: 130 692 545")]
    [InlineData("uk-nino", "AB123456C", "QQ123456C")]
    [InlineData("uk-nhs", "NHS number 943 476 5919", "NHS number 943 476 5918")]
    [InlineData("de-tax-id", "Steuer-IdNr. 86 095 742 719", "Steuer-IdNr. 86 095 742 718")]
    [InlineData("fr-nir", "NIR 2 55 08 14 168 025 38", "NIR 2 55 08 14 168 025 39")]
    [InlineData("es-dni", "12345678Z", "12345678A")]
    [InlineData("es-nie", "X1234567L", "X1234567M")]
    [InlineData("it-codice-fiscale", "RSSMRA85T10A562S", "RSSMRA85T10A562T")]
    [InlineData("nl-bsn", "BSN 111222333", "BSN 111222334")]
    [InlineData("be-nrn", "85.07.30-033.28", "85.07.30-033.29")]
    [InlineData("pl-pesel", "PESEL 44051401359", "PESEL 44051401358")]
    [InlineData("se-personnummer", "811228-9874", "811228-9875")]
    [InlineData("fi-hetu", "131052-308T", "131052-308U")]
    [InlineData("fi-hetu", "131052A308T", "131052A308U")]
    [InlineData("br-cpf", "529.982.247-25", "529.982.247-26")]
    [InlineData("br-cnpj", "11.222.333/0001-81", "11.222.333/0001-82")]
    [InlineData("in-aadhaar", "2341 2341 2346", "2341 2341 2347")]
    [InlineData("cn-resident-id", "11010519491231002X", "110105194912310021")]
    [InlineData("za-id", "South African ID number 8001015009087", "South African ID number 8001015009088")]
    [InlineData("tr-kimlik", "TC Kimlik 10000000146", "TC Kimlik 10000000147")]
    [InlineData("ch-ahv", "756.9217.0769.85", "756.9217.0769.86")]
    [InlineData("au-tfn", "TFN 123 456 782", "TFN 123 456 783")]
    [InlineData("mx-curp", "HEGG560427MVZRRL04", "HEGG560427MVZRRL05")]
    [InlineData("ar-cuit", "20-12345678-6", "20-12345678-7")]
    [InlineData("cl-rut", "12.345.678-5", "12.345.678-6")]
    [InlineData("bg-egn", "EGN 7523169263", "EGN 7523169264")]
    [InlineData("hr-oib", "OIB 69435151530", "OIB 69435151531")]
    [InlineData("ie-pps", "PPS 1234567T", "PPS 1234567U")]
    public void A_number_with_the_right_checksum_is_found_and_one_with_a_wrong_is_not(string detector, string right, string? wrong)
    {
        IReadOnlyList<SensitiveFinding> found = Sensitive.Scan($"It says {right}, and more.");
        found.ShouldHaveSingleItem().Detector.ShouldBe(detector);
        if (wrong is not null)
        {
            Sensitive.Scan($"It says {wrong}, and more.").Where(finding => finding.Type == SensitiveType.NationalId).ShouldBeEmpty();
        }
    }
}
