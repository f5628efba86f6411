using System.Reflection;
using Microsoft.CodeAnalysis;

namespace PandaProbe.Generators.Shapes;

/// <summary>Every shape, compiled with and without the generator and executed: the same behaviour, and with it the right spans.</summary>
public sealed class MethodShapeTests
{
    private static readonly Lazy<Compilation> Generated = new(() => CompiledProgram.Generate(
        CompiledProgram.Compilation("Shapes", [.. MethodShapes.All.Select(Source)])));

    private static readonly Lazy<Assembly> Traced = new(() => CompiledProgram.Load(Generated.Value));

    private static readonly Lazy<Assembly> Twin = new(() =>
    {
        CompiledProgram.TwinDriver().RunGeneratorsAndUpdateCompilation(
            CompiledProgram.Compilation("Shapes", [.. MethodShapes.All.Select(Source)]), out Compilation twin, out _);
        return CompiledProgram.Load(twin);
    });

    public static TheoryData<string> Names => [.. MethodShapes.All.Select(shape => shape.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Behaves_like_its_twin_without_the_attribute_and_leaves_the_right_spans(string name)
    {
        Shape shape = MethodShapes.All.Single(candidate => candidate.Name == name);

        string expected = await Run(Twin.Value, shape);
        string unheard = await Run(Traced.Value, shape);
        string heard;
        string spans;
        using (var capture = ProbeCapture.Start())
        {
            if (shape.Outside)
            {
                heard = await Run(Traced.Value, shape);
            }
            else
            {
                using (Probe.StartTrace("run"))
                    heard = await Run(Traced.Value, shape);
            }

            spans = SpanTree.Of(capture);
        }

        unheard.ShouldBe(expected, "with nobody listening");
        heard.ShouldBe(expected);
        string wanted = shape.Spans.Replace("ShapeN", $"Shape{Array.IndexOf(MethodShapes.All, shape)}");
        if (!shape.Outside)
            wanted = string.Join('\n', wanted.Split('\n').Select(line => "  " + line).Prepend("TRACE run"));
        spans.ShouldBe(wanted);
    }

    [Fact]
    public void There_are_at_least_forty_shapes_each_with_calls_that_were_replaced()
    {
        MethodShapes.All.Length.ShouldBeGreaterThanOrEqualTo(40);
        MethodShapes.All.Select(shape => shape.Name).Distinct().Count().ShouldBe(MethodShapes.All.Length);
        string generated = CompiledProgram.GeneratedSource(Generated.Value)!;
        for (int i = 0; i < MethodShapes.All.Length; i++)
            generated.ShouldContain($"// File{i}.cs:", Case.Sensitive, MethodShapes.All[i].Name);
    }

    private static string Source(Shape shape, int index) => $"namespace Shape{index};\n{shape.Code}";

    private static async Task<string> Run(Assembly program, Shape shape)
    {
        List<string> said = [];
        Type type = program.GetType($"Shape{Array.IndexOf(MethodShapes.All, shape)}.Shape")!;
        Func<Action<string>, Task> run = type.GetMethod("Run")!.CreateDelegate<Func<Action<string>, Task>>();
        await run(said.Add);
        said.ShouldNotBeEmpty();
        return string.Join('\n', said);
    }
}
