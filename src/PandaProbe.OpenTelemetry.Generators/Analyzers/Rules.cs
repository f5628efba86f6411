using Microsoft.CodeAnalysis;

namespace PandaProbe.Generators.Analyzers;

/// <summary>Lists the diagnostics of the analyzers.</summary>
internal static class Rules
{
    private const string Category = "PandaProbe";

    public static readonly DiagnosticDescriptor ScopeNotDisposed = new(
        "PROBE001", "A trace or span is never disposed",
        "The {0} that '{1}' opens is never disposed, so it is never recorded; put 'using' in front of it",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor TaskOutlivesScope = new(
        "PROBE002", "A trace or span ends before the task that it is about",
        "The {0} ends when this method returns, before the task does; make the method async and await the task",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor NeverTraced = new(
        "PROBE003", "An attribute that cannot work", "[{0}] on '{1}' has no effect: {2}",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor UseNotTraced = new(
        "PROBE004", "A call that is not traced", "This use of '{0}' is not traced: {1}",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor NeverCalled = new(
        "PROBE005", "A traced method that is never called", "The private method '{0}' has [{1}], but nothing calls it",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor NotSeen = new(
        "PROBE007", "An attribute that calls through an interface or a base class may not see",
        "Calls through '{2}' may not see [{0}] on '{1}'; put it on '{2}.{1}'",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor UnknownPlaceholder = new(
        "PROBE006", "A placeholder that names no parameter", "'{0}' names no parameter of '{1}', so it is recorded as it stands here",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true);
}
