using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PandaProbe.Generators.Reading;

/// <summary>
/// Collects the names of all methods with our attributes in a compilation. Binding is slow, so only calls with one of these names are
/// bound.
/// </summary>
internal sealed class AttributedNames
{
    private static readonly ConditionalWeakTable<Compilation, AttributedNames> Known = new();
    private static readonly ConditionalWeakTable<SyntaxTree, string[]> KnownOfTrees = new();
    private static readonly ConditionalWeakTable<IAssemblySymbol, IMethodSymbol[]> KnownOfAssemblies = new();

    // A file aliases an attribute, so its syntax does not show which methods have it.
    private const string Any = "*";

    private readonly HashSet<string> _names;
    private readonly ILookup<string, IMethodSymbol> _foreign;

    private AttributedNames(HashSet<string> names, ILookup<string, IMethodSymbol> foreign)
    {
        _names = names;
        _foreign = foreign;
        _names.UnionWith(foreign.Select(methods => methods.Key));
    }

    public static AttributedNames Of(Compilation compilation, CancellationToken cancellation)
    {
        if (Known.TryGetValue(compilation, out AttributedNames? known))
            return known;

        HashSet<string> names = [];
        List<IMethodSymbol> foreign = [];
        if (compilation.GetTypeByMetadataName(ProbeAttribute.SpanName)?.ContainingAssembly is { } core)
        {
            foreach (SyntaxTree tree in compilation.SyntaxTrees)
            {
                if (!KnownOfTrees.TryGetValue(tree, out string[]? found))
                    found = KnownOfTrees.GetValue(tree, key => NamesOf(key, cancellation));
                names.UnionWith(found);
            }

            foreach (IAssemblySymbol assembly in compilation.SourceModule.ReferencedAssemblySymbols)
            {
                if (assembly.Modules.Any(module => module.ReferencedAssemblies.Contains(core.Identity)))
                    foreign.AddRange(KnownOfAssemblies.GetValue(assembly, MethodsOf));
            }
        }

        return Known.GetValue(compilation, _ => new(names, foreign.ToLookup(method => method.Name)));
    }

    /// <summary>Gets whether no method has one of the attributes.</summary>
    public bool IsEmpty => _names.Count == 0;

    /// <summary>Returns whether an attribute has one of our names, or may have one through an alias.</summary>
    public static bool MayBeOurs(AttributeSyntax attribute, Compilation compilation, CancellationToken cancellation) =>
        IsOurs(attribute) || Of(compilation, cancellation)._names.Contains(Any);

    public bool MayInclude(string name) => _names.Contains(name) || _names.Contains(Any);

    /// <summary>Returns whether a method of this name may come from another assembly.</summary>
    public bool MayComeFromElsewhere(string name) => _foreign.Contains(name);

    /// <summary>Returns the methods of this name in other assemblies with one of the attributes.</summary>
    public IEnumerable<IMethodSymbol> FromElsewhere(string name) => _foreign[name];

    private static string[] NamesOf(SyntaxTree tree, CancellationToken cancellation)
    {
        List<string> names = [];
        foreach (SyntaxNode node in tree.GetRoot(cancellation).DescendantNodes(Declares))
        {
            if (node is MethodDeclarationSyntax { AttributeLists.Count: > 0 } method
                && method.AttributeLists.Any(list => list.Attributes.Any(IsOurs)))
            {
                names.Add(method.Identifier.ValueText);
            }
            else if (node is UsingDirectiveSyntax { Alias: not null, NamespaceOrType: NameSyntax target } && IsOurs(Last(target)))
            {
                names.Add(Any);
            }
        }

        return [.. names];
    }

    private static bool Declares(SyntaxNode node) =>
        node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax;

    private static bool IsOurs(AttributeSyntax attribute) => IsOurs(Last(attribute.Name));

    private static bool IsOurs(string name) => name is "ProbeTrace" or "ProbeTraceAttribute" or "ProbeSpan" or "ProbeSpanAttribute";

    private static string Last(NameSyntax name) => name switch
    {
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        AliasQualifiedNameSyntax aliased => aliased.Name.Identifier.ValueText,
        SimpleNameSyntax simple => simple.Identifier.ValueText,
        _ => "",
    };

    private static IMethodSymbol[] MethodsOf(IAssemblySymbol assembly)
    {
        List<IMethodSymbol> methods = [];
        Visit(assembly.GlobalNamespace);
        return [.. methods];

        void Visit(INamespaceOrTypeSymbol container)
        {
            foreach (ISymbol member in container.GetMembers())
            {
                if (member is INamespaceOrTypeSymbol inner)
                    Visit(inner);
                else if (member is IMethodSymbol { MethodKind: MethodKind.Ordinary } method && ProbeAttribute.On(method) is not null)
                    methods.Add(method);
            }
        }
    }
}
