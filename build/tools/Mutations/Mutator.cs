using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace PandaProbe.Tools.Mutations;

/// <summary>Lists the changes of one token that a file admits. Whether one compiles is for the compiler to say.</summary>
internal static partial class Mutator
{
    private const int LongestText = 90;
    private const StringComparison Exactly = StringComparison.Ordinal;

    // Each with what it is changed into.
    private static readonly Dictionary<string, string[]> Operators = Table(
        "< <= >=", "<= < >", "> >= <=", ">= > <", "== !=", "!= ==", "&& ||", "|| &&", "& |", "| &", "&= |=", "|= &=", "and or", "or and",
        "+ -", "- +", "* /", "/ *", "% *", "<< >>", ">> <<", "+= -=", "-= +=", "++ --", "-- ++", "??= =");

    private static readonly Dictionary<string, string> Opposites = Both(
        ("Min", "Max"), ("Any", "All"), ("First", "Last"), ("FirstOrDefault", "LastOrDefault"), ("StartsWith", "EndsWith"),
        ("IndexOf", "LastIndexOf"), ("TrimStart", "TrimEnd"), ("Ordinal", "OrdinalIgnoreCase"), ("Floor", "Ceiling"),
        ("Increment", "Decrement"),
        ("Skip", "Take"), ("OrderBy", "OrderByDescending"), ("MinValue", "MaxValue"), ("FromSeconds", "FromMilliseconds"));

    public static IEnumerable<Mutation> Of(SyntaxTree tree) =>
        from node in tree.GetRoot().DescendantNodes(IsChanged)
        where IsChanged(node)
        from change in Changes(node)
        select Describe(node, change);

    // Texts of exceptions, and what is asserted of the code itself, change nothing that users rely on.
    private static bool IsChanged(SyntaxNode node) => node switch
    {
        AttributeListSyntax or ThrowStatementSyntax or ThrowExpressionSyntax or UsingDirectiveSyntax => false,
        ObjectCreationExpressionSyntax creation => !creation.Type.ToString().EndsWith("Exception", Exactly),
        InvocationExpressionSyntax call => call.Expression.ToString() is not ("nameof" or "Debug.Assert"),
        _ => true,
    };

    private static IEnumerable<TextChange> Changes(SyntaxNode node)
    {
        switch (node)
        {
            case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceExpression } either:
                return [Becomes(node, either.Left), Becomes(node, either.Right)];
            case ConditionalExpressionSyntax either:
                return [Becomes(node, either.WhenTrue), Becomes(node, either.WhenFalse), .. Negated(either.Condition)];
            case BinaryExpressionSyntax or AssignmentExpressionSyntax or PostfixUnaryExpressionSyntax:
            case RelationalPatternSyntax or BinaryPatternSyntax:
                return node.ChildTokens().SelectMany(Swapped);
            case PrefixUnaryExpressionSyntax { OperatorToken.Text: "!" or "-" or "~" } unary:
                return [Becomes(node, unary.Operand)];
            case PrefixUnaryExpressionSyntax:
                return node.ChildTokens().SelectMany(Swapped);
            case UnaryPatternSyntax not:
                return [Becomes(node, not.Pattern)];
            case IsPatternExpressionSyntax { Pattern: ConstantPatternSyntax constant }:
                return [new(new(constant.SpanStart, 0), "not ")];
            case IfStatementSyntax condition:
                return Negated(condition.Condition);
            case WhileStatementSyntax loop:
                return Negated(loop.Condition);
            case LiteralExpressionSyntax literal:
                return Literals(literal.Token).Select(text => new TextChange(literal.Span, text));
            case InterpolatedStringTextSyntax text:
                return IsForPeople(node.Parent!.ToString()) ? [] : [new(new(text.Span.End, 0), "~")];
            case IdentifierNameSyntax name when node.Parent is MemberAccessExpressionSyntax access && access.Name == name:
                return Opposites.TryGetValue(name.Identifier.Text, out string? opposite) ? [new(name.Span, opposite)] : [];
            case ReturnStatementSyntax { Expression: null }:
                return [new(node.Span, ";")];
            case ReturnStatementSyntax { Expression: { } value } when !IsDefault(value):
                return [new(value.Span, "default!")];
            case ArrowExpressionClauseSyntax { Expression: var value } when !IsDefault(value):
                return [new(value.Span, "default!")];
            case ExpressionStatementSyntax:
                return [new(node.Span, ";")];
            case ContinueStatementSyntax:
                return [new(node.Span, "break;")];
            case BreakStatementSyntax when node.Ancestors().First(IsLeftByBreak) is not SwitchStatementSyntax:
                return [new(node.Span, "continue;")];
            default:
                return [];
        }
    }

    private static IEnumerable<string> Literals(SyntaxToken token)
    {
        string suffix = Suffix().Match(token.Text).Value;
        return (token.Kind(), token.Value) switch
        {
            (SyntaxKind.TrueKeyword, _) => ["false"],
            (SyntaxKind.FalseKeyword, _) => ["true"],
            (SyntaxKind.CharacterLiteralToken, char c) => [SyntaxFactory.Literal((char)(c + 1)).Text],
            (SyntaxKind.NumericLiteralToken, double number) => [(number + 1).ToString("0.0###", CultureInfo.InvariantCulture) + suffix],
            (SyntaxKind.NumericLiteralToken, float number) => [(number + 1).ToString("0.0###", CultureInfo.InvariantCulture) + suffix],
            (SyntaxKind.NumericLiteralToken, { } number) => Beside(Convert.ToDecimal(number, CultureInfo.InvariantCulture), suffix),
            (_, string text) when token.Text.EndsWith('"') && !IsForPeople(text) => [SyntaxFactory.Literal(text + "~").Text],
            (_, string text) when token.Text.EndsWith("u8", Exactly) && !IsForPeople(text) =>
            [SyntaxFactory.Literal(text + "~").Text + "u8"],
            _ => [],
        };
    }

    private static IEnumerable<string> Beside(decimal value, string suffix)
    {
        yield return (value + 1).ToString(CultureInfo.InvariantCulture) + suffix;
        if (value > 0)
            yield return (value - 1).ToString(CultureInfo.InvariantCulture) + suffix;
    }

    // Three words or more are a message: of a log, of an exception that is made elsewhere, of a metric.
    private static bool IsForPeople(string text) => text.Trim().Count(' '.Equals) >= 2;

    private static bool IsDefault(ExpressionSyntax value) =>
        value is LiteralExpressionSyntax { Token.Text: "default" or "null" or "false" };

    private static bool IsLeftByBreak(SyntaxNode node) =>
        node is SwitchStatementSyntax or WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax or CommonForEachStatementSyntax;

    private static IEnumerable<TextChange> Swapped(SyntaxToken token) =>
        Operators.TryGetValue(token.Text, out string[]? others) ? others.Select(other => new TextChange(token.Span, other)) : [];

    private static IEnumerable<TextChange> Negated(ExpressionSyntax condition) =>
        condition is IdentifierNameSyntax or MemberAccessExpressionSyntax or InvocationExpressionSyntax
            ? [new(new(condition.SpanStart, 0), "!")]
            : [];

    private static TextChange Becomes(SyntaxNode node, SyntaxNode part) => new(node.Span, part.ToString());

    private static Dictionary<string, string[]> Table(params string[] rows) =>
        rows.Select(row => row.Split(' ')).ToDictionary(row => row[0], row => row[1..]);

    private static Dictionary<string, string> Both(params (string, string)[] pairs) =>
        pairs.Concat(pairs.Select(pair => (pair.Item2, pair.Item1))).ToDictionary(pair => pair.Item1, pair => pair.Item2);

    private static Mutation Describe(SyntaxNode node, TextChange change)
    {
        SyntaxNode shown = node;
        while (shown.Parent is { } parent and not (BaseTypeDeclarationSyntax or CompilationUnitSyntax)
            && OneLine(parent.ToString()).Length <= LongestText)
        {
            shown = parent;
        }

        string text = shown.ToString();
        string changed = text[..(change.Span.Start - shown.SpanStart)] + change.NewText + text[(change.Span.End - shown.SpanStart)..];
        return new(node.SyntaxTree, change, MemberOf(node), OneLine(text), OneLine(changed));
    }

    private static string MemberOf(SyntaxNode node) => string.Join('.', node.AncestorsAndSelf().Select(ancestor => ancestor switch
    {
        BaseTypeDeclarationSyntax type => type.Identifier.Text,
        MethodDeclarationSyntax method => method.Identifier.Text,
        PropertyDeclarationSyntax property => property.Identifier.Text,
        EnumMemberDeclarationSyntax member => member.Identifier.Text,
        ConstructorDeclarationSyntax => "new",
        BaseFieldDeclarationSyntax field => field.Declaration.Variables[0].Identifier.Text,
        BaseMethodDeclarationSyntax => "operator",
        IndexerDeclarationSyntax => "this",
        _ => null,
    }).OfType<string>().Reverse());

    private static string OneLine(string text) => Blanks().Replace(text, " ");

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex("(?<!0x.*)[a-zA-Z]+$")]
    private static partial Regex Suffix();
}
