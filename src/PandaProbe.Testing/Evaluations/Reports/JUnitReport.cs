using System.Globalization;
using System.Text;
using System.Xml;

namespace PandaProbe.Testing;

/// <summary>Writes a report as JUnit's XML, which build servers show.</summary>
internal static class JUnitReport
{
    private const int MaxMessage = 300;

    public static string Write(EvaluationReport report, EvaluationGate? gate)
    {
        StringBuilder text = new();
        using (var xml = XmlWriter.Create(text, new() { Indent = true, NewLineChars = "\n", OmitXmlDeclaration = true }))
        {
            int failures = report.NotPassed.Count(result => result.Status == EvaluationStatus.Completed)
                + (gate?.Checks.Count(check => !check.IsPassed) ?? 0);
            xml.WriteStartElement("testsuites");
            xml.WriteStartElement("testsuite");
            xml.WriteAttributeString("name", Valid(report.Name));
            xml.WriteAttributeString("tests", Number(report.Results.Count + (gate?.Checks.Count ?? 0)));
            xml.WriteAttributeString("failures", Number(failures));
            xml.WriteAttributeString("errors", Number(report.Results.Count(result => result.Status == EvaluationStatus.Failed)));
            xml.WriteAttributeString("skipped", Number(report.Results.Count(result => result.Status == EvaluationStatus.NotRun)));
            xml.WriteAttributeString("time", Time(report.Results.Aggregate(TimeSpan.Zero, (sum, result) => sum + result.Duration)));
            foreach (EvaluationResult result in report.Results)
                Write(xml, report, result);
            foreach (GateCheck check in gate?.Checks ?? [])
                Write(xml, report, check);
            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        return text.Append('\n').ToString();
    }

    private static void Write(XmlWriter xml, EvaluationReport report, EvaluationResult result)
    {
        Start(xml, report, ReportText.Attempt(result, report), result.Duration);
        string[] problems = [.. ReportText.Problems(result)];
        if (result.Status == EvaluationStatus.NotRun)
            WriteProblem(xml, "skipped", "The budget was spent.", null);
        else if (result.Status == EvaluationStatus.Failed)
            WriteProblem(xml, "error", result.Error ?? "", result.Error);
        else if (!result.IsPassed)
            WriteProblem(xml, "failure", problems[0], string.Join("\n\n", [.. problems, $"Output:\n{result.Output}"]));
        if (result.IsPassed && problems.Length > 0)
            xml.WriteElementString("system-out", Valid(string.Join("\n", problems)));
        xml.WriteEndElement();
    }

    private static void Write(XmlWriter xml, EvaluationReport report, GateCheck check)
    {
        Start(xml, report, "gate: " + check.Name, TimeSpan.Zero);
        if (!check.IsPassed)
            WriteProblem(xml, "failure", check.Text, check.Text);
        else
            xml.WriteElementString("system-out", Valid(check.Text));
        xml.WriteEndElement();
    }

    private static void Start(XmlWriter xml, EvaluationReport report, string name, TimeSpan duration)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", Valid(report.Name));
        xml.WriteAttributeString("name", Valid(name));
        xml.WriteAttributeString("time", Time(duration));
    }

    private static void WriteProblem(XmlWriter xml, string element, string message, string? details)
    {
        xml.WriteStartElement(element);
        xml.WriteAttributeString("message", Valid(TextCut.Short(message, MaxMessage)));
        if (details is not null)
            xml.WriteString(Valid(details));
        xml.WriteEndElement();
    }

    // XML 1.0 has no way to write most control characters.
    private static string Valid(string text)
    {
        StringBuilder valid = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            bool isValid = rune.Value is '\n' or '\t' or >= 0x20 and <= 0xD7FF or >= 0xE000 and <= 0xFFFD or >= 0x10000;
            valid.Append(isValid ? rune.ToString() : rune.Value == '\r' ? "" : "\uFFFD");
        }

        return valid.ToString();
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Time(TimeSpan time) => time.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);
}
