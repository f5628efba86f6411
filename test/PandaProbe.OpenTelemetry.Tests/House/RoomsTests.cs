using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PandaProbe.Readme;

namespace PandaProbe.House;

/// <summary>The map of the core: a room (a folder) uses the rooms below it in this list, and no other.</summary>
public sealed class RoomsTests
{
    /// <summary>From what users type down to what everything else stands on.</summary>
    private static readonly string[] Rooms =
    [
        "",                    // what users type: Probe, TraceScope, SpanScope, the attributes
        "Hosting",             // builder extensions, reading and checking of options, the life of providers
        "Hosting/Settings",    // options from configuration and the environment, and their checks
        "Export/Local",        // spans to the local viewer, while it runs
        "Export/Otlp",         // the queue in front of OpenTelemetry's OTLP exporter
        "Export",              // the processor that hands ended spans to the exporter to PandaProbe
        "Export/Pipeline",     // the entrance, the assembling loop, the sending loop, the flush
        "Export/Spooling",     // requests that wait on disk
        "Export/Transport",    // requests and answers, and how many of them at a time
        "Export/Writing",      // from traces to the bodies of requests
        "Export/Assembling",   // from ended spans to traces
        "Export/Scores",       // judgements about traces
        "Export/Outcomes",     // what becomes of a request after its answer; numbers and reports of that
        "Processing",          // what happens to every span on start and end, whoever made it
        "Inspection",          // what the texts of spans show: injection, leaks, followed and shared values
        "Recording/Methods",   // calls of methods with attributes
        "Recording/Calls",     // calls of wrapped clients
        "Recording/Streams",   // streamed answers
        "Recording",           // a span or trace that is open
        "Metrics",             // what is counted of calls
        "Context",             // ambient session, user and tags; starting and stopping activities; exceptions in flight
        "Content",             // inputs, outputs and errors as tags
        "Values",              // values and fields that callers hand over, and how they become JSON
        "Runtime",             // what all providers of the process share: one immutable picture
        "Options",             // what users can set
        "Messages",            // what is said to a model and by it
        "Conventions",         // names of attributes, kinds and metrics; the one source and its instruments
        "Diagnostics",         // what the library has to say about itself
        "Compatibility",       // what older frameworks lack
    ];

    [Fact]
    public void Every_room_uses_only_the_rooms_below_it()
    {
        string root = Path.Combine(Repository.Root, "src", "PandaProbe.OpenTelemetry");
        SyntaxTree[] files = [.. SourceFiles(root).Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(path), ParseOptions, path))];
        var core = CSharpCompilation.Create("PandaProbe.OpenTelemetry", [.. files, GlobalUsings], References(), Options);
        core.GetDeclarationDiagnostics().Where(IsError).ShouldBeEmpty("the arrows are only all there when the sources compile");

        // To bind every name of the core takes twice as long.
        Dictionary<string, int> highest = HighestRooms(core, root);
        SortedSet<string> upwards = [];
        HashSet<string> inhabited = [];
        foreach (SyntaxTree file in files)
        {
            string room = RoomOf(file, root);
            inhabited.Add(room);
            Rooms.ShouldContain(room, $"'{room}' is a folder of the core: give it its place in the list");
            SemanticModel model = core.GetSemanticModel(file);
            foreach (SimpleNameSyntax name in file.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>()
                .Where(name => highest.GetValueOrDefault(name.Identifier.Text, int.MaxValue) < Array.IndexOf(Rooms, room)))
            {
                if (Declaration(model.GetSymbolInfo(name).Symbol) is not { } declaration)
                    continue;

                string used = RoomOf(declaration, root);
                if (Array.IndexOf(Rooms, used) < Array.IndexOf(Rooms, room))
                    upwards.Add($"{room} -> {used}: {Path.GetFileName(file.FilePath)} uses {name.Identifier.Text}");
            }
        }

        upwards.ShouldBeEmpty();
        Rooms.Except(inhabited).ShouldBeEmpty("nothing is left in these rooms");
    }

    [Fact]
    public void The_page_of_the_architecture_lists_the_rooms_in_this_order() =>
        ReadmeTables.RowsUnder("## The rooms of the core", "src/README.md").Select(cells => RoomNamed(cells[0])).ShouldBe(Rooms);

    private static string RoomNamed(string cell) => cell == "(root)" ? "" : cell.StartsWith('[') ? cell[1..cell.IndexOf(']')] : cell;

    private static CSharpParseOptions ParseOptions => new(
        LanguageVersion.Preview, preprocessorSymbols: ["NET", "NET8_0_OR_GREATER", "NET9_0_OR_GREATER", "NET10_0_OR_GREATER"]);

    private static CSharpCompilationOptions Options =>
        new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable);

    private static SyntaxTree GlobalUsings => CSharpSyntaxTree.ParseText(
        string.Concat(
            new[] { "System", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks",
            "System.Collections.Generic" }
                .Select(name => $"global using {name};")),
        ParseOptions);

    // CS8795: what a source generator writes is not there.
    private static bool IsError(Diagnostic diagnostic) => diagnostic.Severity == DiagnosticSeverity.Error && diagnostic.Id != "CS8795";

    private static IEnumerable<string> SourceFiles(string root) => Directory
        .EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
        .Where(path => Path.GetRelativePath(root, path).Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj"));

    // The core itself is compiled here: its assembly would hide where a type is declared.
    private static IEnumerable<MetadataReference> References() => ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator)
        .Where(path => Path.GetFileName(path) is not "PandaProbe.OpenTelemetry.dll"
        && !Path.GetFileName(path).EndsWith(".Tests.dll", StringComparison.Ordinal))
        .Select(path => MetadataReference.CreateFromFile(path));

    /// <summary>Returns the highest room that declares something of a name.</summary>
    private static Dictionary<string, int> HighestRooms(CSharpCompilation core, string root)
    {
        Dictionary<string, int> rooms = [];
        foreach (ISymbol symbol in core.GetSymbolsWithName(static _ => true, SymbolFilter.TypeAndMember))
        {
            int room = symbol.DeclaringSyntaxReferences.Where(place => place.SyntaxTree.FilePath != "")
                .Select(place => Array.IndexOf(Rooms, RoomOf(place.SyntaxTree, root))).DefaultIfEmpty(int.MaxValue).Min();
            foreach (string name in new[] { symbol.Name, symbol.Name.Replace("Attribute", "", StringComparison.Ordinal) })
                rooms[name] = Math.Min(room, rooms.GetValueOrDefault(name, int.MaxValue));
        }

        return rooms;
    }

    private static SyntaxTree? Declaration(ISymbol? symbol) => symbol switch
    {
        null or INamespaceSymbol => null,
        _ => (FirstDeclaration(symbol) ?? FirstDeclaration(symbol.ContainingType))?.SyntaxTree is { FilePath: not "" } tree ? tree : null,
    };

    private static SyntaxReference? FirstDeclaration(ISymbol? symbol) =>
        symbol?.OriginalDefinition.DeclaringSyntaxReferences.FirstOrDefault();

    private static string RoomOf(SyntaxTree file, string root) =>
        Path.GetDirectoryName(Path.GetRelativePath(root, file.FilePath))!.Replace(Path.DirectorySeparatorChar, '/');
}
