using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace PandaProbe.Tools.Mutations;

/// <summary>
/// One change of one token. Its name says the file, the member and the text before and after, but no line, so changes elsewhere do not
/// touch it.
/// </summary>
internal sealed record Mutation(SyntaxTree Tree, TextChange Change, string Member, string Original, string Changed)
{
    private const string Separator = " | ";

    public string File => Path.GetFileName(Tree.FilePath);

    public string Name => File + Separator + Member + Separator + Original + " → " + Changed;

    public string Type => Member.Split('.')[0];

    public LinePosition Position => Tree.GetText().Lines.GetLinePosition(Change.Span.Start);

    public bool IsInStaticField => Tree.GetRoot().FindToken(Change.Span.Start).Parent!.AncestorsAndSelf()
        .OfType<FieldDeclarationSyntax>().Any(declaration => declaration.Modifiers.Any(SyntaxKind.StaticKeyword));

    public static string FileOf(string name) => name.Split(Separator)[0];

    public SyntaxTree Apply() => Tree.WithChangedText(Tree.GetText().WithChanges(Change));
}
