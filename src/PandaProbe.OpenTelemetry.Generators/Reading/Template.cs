using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace PandaProbe.Generators.Reading;

/// <summary>Parses attribute texts with <c>{parameter}</c> placeholders.</summary>
internal static class Template
{
    /// <summary>Splits a template into texts and parameters. A placeholder without a matching parameter stays text.</summary>
    public static IReadOnlyList<(string Text, IParameterSymbol? Parameter)> Parse(string template, IMethodSymbol method)
    {
        List<(string Text, IParameterSymbol? Parameter)> parts = [];
        int at = 0;
        while (at < template.Length)
        {
            int open = template.IndexOf('{', at);
            int close = open < 0 ? -1 : template.IndexOf('}', open);
            if (close < 0)
                break;

            string name = template.Substring(open + 1, close - open - 1);
            IParameterSymbol? parameter = method.Parameters.FirstOrDefault(candidate => candidate.Name == name && HasText(candidate));
            if (open > at)
                parts.Add((template.Substring(at, open - at), null));
            parts.Add((template.Substring(open, close - open + 1), parameter));
            at = close + 1;
        }

        if (at < template.Length)
            parts.Add((template.Substring(at), null));
        return parts;
    }

    public static string Expression(
        IReadOnlyList<(string Text, IParameterSymbol? Parameter)> parts, Func<IParameterSymbol, string> nameOf, ref bool costly)
    {
        if (parts is [{ Parameter: { Type.SpecialType: SpecialType.System_String } only }])
            return nameOf(only);

        costly = true;
        string[] texts = [.. parts.Select(part => part.Parameter is { } parameter
            ? $"ProbeSite.Text({nameOf(parameter)})"
            : SymbolDisplay.FormatLiteral(part.Text, quote: true))];
        return texts.Length == 1 ? texts[0] : $"string.Concat({string.Join(", ", texts)})";
    }

    private static bool HasText(IParameterSymbol parameter) =>
        parameter.RefKind != RefKind.Out
        && (RecordableTypes.IsText(parameter.Type)
        || parameter.Type is not ({ IsRefLikeType: true } or ITypeParameterSymbol { AllowsRefLikeType: true }));
}
