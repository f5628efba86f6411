using Xunit.Abstractions;

namespace PandaProbe.Safety.Tests;

/// <summary>How much is found in texts that are made from seeds. The numbers go to the output; the goals are asserted.</summary>
public sealed class RecallTests(ITestOutputHelper output)
{
    private const int Count = 2000, Unseen = 20_261_122;

    [Fact]
    public void Every_card_of_an_issuer_is_found() => Recall(1.0, SensitiveType.PaymentCard, samples =>
    {
        string card = samples.Card(out _);
        string text = samples.One(card, samples.Grouped(card, ' '), samples.Grouped(card, '-'));
        return (samples.One("", "Please charge ", "My number is ", "{\"n\":\"", "Total 12, ") + text
            + samples.One("", ".", " thanks", "\"}", ", expires 12/27", "\n"), text);
    });

    [Fact]
    public void Every_card_of_an_unusual_length_is_found_after_a_word() => Recall(1.0, SensitiveType.PaymentCard, samples =>
    {
        string card = samples.DoubtfulCard();
        return (samples.One("card number: ", "Maestro ", "{\"credit_card\":\"", "Meine Karte ", "tarjeta ") + card
            + samples.One("", ".", "\"}", " ok"), card);
    });

    [Fact]
    public void Every_iban_is_found() => Recall(1.0, SensitiveType.BankAccount, samples =>
    {
        string iban = samples.Iban(), text = samples.One(iban, Samples.InFours(iban));
        return (samples.One("", "IBAN: ", "Pay to ", "{\"iban\":\"", "Konto ") + text + samples.One("", ".", "\"}", ", thanks", "\nBIC"),
            text);
    });

    [Fact]
    public void Every_email_address_is_found() => Recall(1.0, SensitiveType.Email, samples =>
    {
        string email = samples.Email();
        return (samples.One("", "Mail ", "<", "mailto:", "{\"to\":\"", "(", "cc=") + email
            + samples.One("", ".", ">", "\"}", ", ", ")", "?subject=x"), email);
    });

    [Fact]
    public void Every_social_security_number_is_found() => Recall(1.0, SensitiveType.NationalId, samples =>
    {
        string number = samples.SocialSecurity();
        return (samples.One("", "SSN ", "My social is ", "{\"ssn\":\"") + number + samples.One("", ".", "\"}", " born"), number);
    });

    [Fact]
    public void Secrets_with_a_prefix_are_found() => Recall(0.95, SensitiveType.Secret, samples =>
    {
        string secret = samples.Secret(out string vendor);
        return (samples.One("", "use ", "export X=", "{\"v\":\"", "line\\n", "https://x.io/?t=", "`", "key: ") + secret
            + samples.One("", " ", "\"}", "\n", "`", ", ok", ";"), secret + "\0" + vendor);
    });

    [Fact]
    public void Assigned_credentials_are_found() =>
        Recall(0.85, SensitiveType.Secret, samples => (samples.Assignment(out string value), value));

    [Fact]
    public void Passwords_are_found() => Recall(0.95, SensitiveType.Password, samples => (samples.Password(out string value), value));

    [Fact]
    public void Phone_numbers_are_found()
    {
        Samples samples = new(77);
        string[] numbers =
        [
            "+1 212-555-0123", "(415) 555-2671", "212-736-5000", "+44 20 7946 0958", "020 7946 0958", "+44 (0)20 7946 0958", "07911 123456",
                "+49 30 901820", "030 901820 55", "+49 (0)89 1234567", "0171 2345678", "+33 1 42 68 53 00", "01 42 68 53 00",
                "06 12 34 56 78", "+34 912 345 678",
            "+39 06 6982", "+39 347 123 4567", "+31 20 794 0800", "020-794 0800", "+41 44 668 18 00", "044 668 18 00", "+43 1 58858 0",
                "+46 8 123 456 78", "08-123 456 78", "+47 22 12 34 56", "+45 33 12 34 56", "+48 22 123 45 67", "+351 21 123 4567",
                "+353 1 234 5678", "+358 9 1234 5678",
            "+61 2 9374 4000", "(02) 9374 4000", "+64 9 887 6986", "+81 3-6384-9000", "03-6384-9000", "+82 2-531-9000", "+86 10 6250 3000",
                "+91 80 6721 8000", "+55 11 2395-8400", "(11) 2395-8400", "+52 55 5342 8400", "+7 495 644-14-00", "+90 212 316 76 00",
                "+972 74 746 6453", "+27 11 303 0300", "+62 21 3042 3030",
            "+63 2 8821 9999", "+65 6521-8000", "+852 3923 5400", "+54 11 5530 3000", "+56 2 2618 1000", "+57 1 593 9400", "1-800-555-0199",
                "212.555.0123", "+12125550123", "+4915123456789",
        ];
        int found =
            numbers.Count(
                number => Has(
                    samples.One("", "My number is ", "Please ring ", "Contact ") + number + samples.One("", ".", ", thanks"), number,
                SensitiveType.Phone));
        output.WriteLine($"phones: {found} of {numbers.Length}");
        found.ShouldBeGreaterThanOrEqualTo(numbers.Length * 3 / 4);
    }

    private void Recall(double goal, SensitiveType type, Func<Samples, (string Text, string Value)> make)
    {
        // Detectors were written beside texts of the first seed. Those of the second nobody has seen.
        Recall(goal, type, make, (int)type + 1000);
        Recall(goal, type, make, (int)type + Unseen);
    }

    private void Recall(double goal, SensitiveType type, Func<Samples, (string Text, string Value)> make, int seed)
    {
        Samples samples = new(seed);
        List<string> missed = [];
        for (int i = 0; i < Count; i++)
        {
            (string text, string value) = make(samples);
            if (!Has(samples.Prose(samples.Next(20)) + text + (samples.Next(2) == 0 ? "" : " " + samples.Prose(samples.Next(10))),
                value.Split('\0')[0], type))
            {
                missed.Add($"{value.Split('\0')[^1]}: {text}");
            }
        }

        output.WriteLine(
            $"{type}: {Count - missed.Count} of {Count}\n{string.Join('\n', missed.DistinctBy(miss => miss.Split(':')[0]).Take(30))}");
        (Count - missed.Count).ShouldBeGreaterThanOrEqualTo((int)(Count * goal), string.Join('\n', missed.Take(20)));
    }

    private static bool Has(string text, string value, SensitiveType type)
    {
        int at = text.LastIndexOf(value, StringComparison.Ordinal);
        return Sensitive.Scan(text)
            .Any(finding => finding.Start <= at && finding.End >= at + value.Length
            && (finding.Type == type || (type == SensitiveType.Secret && finding.Type is SensitiveType.Password)));
    }
}
