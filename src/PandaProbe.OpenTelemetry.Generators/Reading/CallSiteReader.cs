using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PandaProbe.Generators.Model;
using CallSite = PandaProbe.Generators.Model.CallSite;

namespace PandaProbe.Generators.Reading;

/// <summary>Finds the calls to replace.</summary>
internal static class CallSiteReader
{
    private static readonly ConditionalWeakTable<Compilation,
        ConcurrentDictionary<(ISymbol, bool), InterceptedMethod?>> KnownMethods = new();

    public static bool MayMatter(SyntaxNode node) => node is InvocationExpressionSyntax invocation && NameOf(invocation) is not null;

    public static CallSite? Read(InvocationExpressionSyntax invocation, SemanticModel model, CancellationToken cancellation)
    {
        if (NameOf(invocation) is not { } name
            || !AttributedNames.Of(model.Compilation, cancellation).MayInclude(name.Identifier.ValueText))
        {
            return null;
        }

        // Nullable analysis does not change which method is called, and costs more than binding.
        model = BareModel.Of(model);
        if (TargetOf(invocation, model, cancellation, out bool asExtension) is not { } target
            || MethodOf(target, model.Compilation, asExtension, cancellation) is not { } method
            || WhyNot(invocation, target, model, cancellation) is not null
            || model.GetInterceptableLocation(invocation, cancellation) is not { } location)
        {
            return null;
        }

        FileLinePositionSpan place = name.GetLocation().GetLineSpan();
        return new(
            method,
            $"InterceptsLocation({location.Version}, \"{location.Data}\")",
            $"{Path.GetFileName(place.Path)}:{place.StartLinePosition.Line + 1}");
    }

    // The result is cached by method. It is null for a method without the attribute, or one whose calls cannot be replaced.
    private static InterceptedMethod? MethodOf(
        IMethodSymbol method, Compilation compilation, bool asExtension, CancellationToken cancellation)
    {
        ConcurrentDictionary<(ISymbol, bool), InterceptedMethod?> known = KnownMethods.GetOrCreateValue(compilation);
        if (!known.TryGetValue((method, asExtension), out InterceptedMethod? read))
            known[(method, asExtension)] = read = Read(method, compilation, asExtension, cancellation);
        return read;
    }

    private static InterceptedMethod? Read(IMethodSymbol method, Compilation compilation, bool asExtension, CancellationToken cancellation)
    {
        if (ProbeAttribute.Of(method) is { } attribute)
        {
            var calls = Interceptability.Of(method, compilation);
            return calls.WhyNot is null ? new MethodReader(method, attribute, compilation, calls.NeedsAccessor, asExtension).Read() : null;
        }

        // The attribute is on an implementation, and only the receiver's type selects it.
        IMethodSymbol[] implementations =
        [
            .. Implementations.Of(method, compilation, cancellation)
            .Where(found => Implementations.CanBeNamed(found.ContainingType, compilation)),
        ];
        return implementations.Length > 0 && Interceptability.Of(method, compilation) is { WhyNot: null, NeedsAccessor: false }
            ? MethodReader.Read(method, implementations, compilation)
            : null;
    }

    /// <summary>Returns the name of the called method; null if the call goes through another expression.</summary>
    public static SimpleNameSyntax? NameOf(InvocationExpressionSyntax invocation) => invocation.Expression switch
    {
        SimpleNameSyntax simple => simple,
        MemberAccessExpressionSyntax access => access.Name,
        MemberBindingExpressionSyntax binding => binding.Name,
        _ => null,
    };

    /// <summary>Returns the called method as declared; null if the method is chosen at run time.</summary>
    public static IMethodSymbol? TargetOf(
        InvocationExpressionSyntax invocation, SemanticModel model, CancellationToken cancellation, out bool asExtension)
    {
        SymbolInfo info = model.GetSymbolInfo(invocation, cancellation);
        IMethodSymbol? method = info.CandidateReason == CandidateReason.LateBound ? null : info.Symbol as IMethodSymbol;
        asExtension = method?.ReducedFrom is not null;
        return (method?.ReducedFrom ?? method)?.OriginalDefinition;
    }

    /// <summary>Returns why this particular call cannot be replaced, as the end of a sentence; null if it can.</summary>
    public static string? WhyNot(
        InvocationExpressionSyntax invocation, IMethodSymbol method, SemanticModel model, CancellationToken cancellation)
    {
        if (invocation.Expression is MemberAccessExpressionSyntax { Expression: BaseExpressionSyntax })
            return "it is a 'base' call";
        if (SourceFiles.HasTwin(invocation.SyntaxTree, model.Compilation))
            return "the compiler cannot tell its file from another one with the same content";
        if (!method.IsStatic && ReceiverOf(invocation) is { } receiver
            && model.GetTypeInfo(receiver, cancellation).Type is ITypeParameterSymbol)
        {
            return "its receiver is of a type parameter";
        }

        for (SyntaxNode? node = invocation.Parent; node is not null and not MemberDeclarationSyntax; node = node.Parent)
        {
            if (node is LambdaExpressionSyntax && IsExpressionTree(model.GetTypeInfo(node, cancellation).ConvertedType))
                return "it is part of an expression tree";
            if (node is QueryClauseSyntax or OrderingSyntax or SelectOrGroupClauseSyntax && IsQueryable(node, model, cancellation))
                return "it is part of an expression tree";
        }

        return null;
    }

    /// <summary>
    /// Returns whether <see cref="WhyNot"/> could apply, from syntax alone. It is false for most calls and saves their binding.
    /// </summary>
    public static bool MayNotBeReplaceable(InvocationExpressionSyntax invocation)
    {
        if (invocation.Expression is MemberAccessExpressionSyntax { Expression: BaseExpressionSyntax })
            return true;

        for (SyntaxNode? node = invocation.Parent; node is not null; node = node.Parent)
        {
            if (node is LambdaExpressionSyntax or QueryExpressionSyntax
                or TypeDeclarationSyntax { TypeParameterList: not null } or MethodDeclarationSyntax { TypeParameterList: not null }
                or LocalFunctionStatementSyntax { TypeParameterList: not null })
            {
                return true;
            }
        }

        return false;
    }

    private static ExpressionSyntax? ReceiverOf(InvocationExpressionSyntax invocation) => invocation.Expression switch
    {
        MemberAccessExpressionSyntax access => access.Expression,
        MemberBindingExpressionSyntax => invocation.FirstAncestorOrSelf<ConditionalAccessExpressionSyntax>()?.Expression,
        _ => null,
    };

    private static bool IsExpressionTree(ITypeSymbol? type) =>
        type is INamedTypeSymbol
        {
            Name: "Expression", IsGenericType: true,
            ContainingNamespace: { Name: "Expressions", ContainingNamespace.Name: "Linq" }
        };

    private static bool IsQueryable(SyntaxNode node, SemanticModel model, CancellationToken cancellation)
    {
        SymbolInfo info = node is QueryClauseSyntax clause
            ? model.GetQueryClauseInfo(clause, cancellation).OperationInfo
            : model.GetSymbolInfo(node, cancellation);
        return info.Symbol is IMethodSymbol method && method.Parameters.Any(parameter => IsExpressionTree(parameter.Type));
    }
}
