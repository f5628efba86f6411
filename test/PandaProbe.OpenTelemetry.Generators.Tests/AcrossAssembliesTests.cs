using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;

namespace PandaProbe.Generators;

/// <summary>Methods with attributes in a library, called from a program that is compiled against it.</summary>
public sealed class AcrossAssembliesTests
{
    [Theory]
    [InlineData("", "", "TRACE run\n  TOOL Look in={\"x\":2} out=3")]
    [InlineData("[assembly: ProbeSpans(OutsideTrace = ProbeOutsideTrace.Record)]", "",
        "TOOL Look in={\"x\":1} out=2\nTRACE run\n  TOOL Look in={\"x\":2} out=3")]
    [InlineData(
        "[assembly: ProbeSpans(OutsideTrace = ProbeOutsideTrace.Record)]", ", OutsideTrace = ProbeOutsideTrace.JustRun",
        "TRACE run\n  TOOL Look in={\"x\":2} out=3")]
    public void A_call_of_a_library_s_method_is_traced_as_the_library_says(string library, string attribute, string spans)
    {
        AssemblyLoadContext context = new("across", isCollectible: true);
        byte[] tools = Image(CompiledProgram.Compilation("Tools", $$"""
            {{library}}
            public class Toolbox { [ProbeSpan(Kind = ProbeSpanKind.Tool{{attribute}})] public virtual int Look(int x) => x + 1; }
            """));
        Compilation program = CompiledProgram.Generate(CompiledProgram.Compilation(
            "Program", ["public static class Shape { public static int Run(int x) => new Toolbox().Look(x); }"],
            [MetadataReference.CreateFromImage(tools)]));
        context.LoadFromStream(new MemoryStream(tools));
        Assembly loaded = context.LoadFromStream(new MemoryStream(Image(program)));
        Func<int, int> run = loaded.GetType("Shape")!.GetMethod("Run")!.CreateDelegate<Func<int, int>>();

        using var capture = ProbeCapture.Start();
        run(1).ShouldBe(2);
        using (Probe.StartTrace("run"))
            run(2).ShouldBe(3);

        SpanTree.Of(capture).ShouldBe(spans);
    }

    [Fact]
    public void A_call_through_a_library_s_interface_is_traced_where_the_library_s_type_can_be_named()
    {
        AssemblyLoadContext context = new("through", isCollectible: true);
        byte[] tools = Image(CompiledProgram.Compilation("Tools", """
            public interface IToolbox { int Look(int x); }
            public class Toolbox : IToolbox { [ProbeSpan] public int Look(int x) => x + 1; }
            """));
        Compilation program = CompiledProgram.Generate(CompiledProgram.Compilation(
            "Program",
            ["public static class Shape { static IToolbox Tools = new Toolbox(); public static int Run(int x) => Tools.Look(x); }"],
            [MetadataReference.CreateFromImage(tools)]));
        context.LoadFromStream(new MemoryStream(tools));
        Assembly loaded = context.LoadFromStream(new MemoryStream(Image(program)));
        Func<int, int> run = loaded.GetType("Shape")!.GetMethod("Run")!.CreateDelegate<Func<int, int>>();

        using var capture = ProbeCapture.Start();
        using (Probe.StartTrace("run"))
            run(2).ShouldBe(3);

        SpanTree.Of(capture).ShouldBe("TRACE run\n  OTHER Look in={\"x\":2} out=3");
    }

    private static byte[] Image(Compilation compilation)
    {
        using MemoryStream image = new();
        compilation.Emit(image).Success.ShouldBeTrue();
        return image.ToArray();
    }
}
