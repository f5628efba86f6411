namespace PandaProbe.Benchmarks;

/// <summary>What is said in the conversations that clients are compared with, 1 KB each.</summary>
internal static class SupportTexts
{
    public static string Question { get; } = OneKilobyte("Où est ma commande « 78432 » ?\nIt says \"two days\". ");

    public static string Answer { get; } = OneKilobyte("It is on its way.\n- \"DHL\" ");

    private static string OneKilobyte(string phrase) => string.Concat(Enumerable.Repeat(phrase, 1024 / phrase.Length + 1))[..1024];
}
