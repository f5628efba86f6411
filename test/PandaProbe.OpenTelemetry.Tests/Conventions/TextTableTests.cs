using System.Collections;
using System.Reflection;

namespace PandaProbe.Conventions;

/// <summary>A text that can leave and is not in the table would be masked by nobody.</summary>
public sealed class TextTableTests
{
    private static readonly Type[] Vocabularies = [typeof(GenAI), typeof(General), typeof(Pandaprobe), typeof(OpenAINames)];

    // Values, metrics and names of events.
    private static readonly string[] NoAttributes =
    [
        .. Constants(typeof(GenAI.Operation)), .. Constants(typeof(GenAI.Client)), .. Constants(typeof(General.MimeTypes)),
        .. Constants(typeof(Pandaprobe.Client)), General.Exception.EventName, OpenAINames.Api.ChatCompletions, OpenAINames.Api.Responses,
    ];

    // How users hand texts over. The members for generated code lead to the same rows.
    private static readonly Type[] Setters =
    [
        typeof(Probe), typeof(TraceScope), typeof(SpanScope), typeof(ProbeMessage), typeof(ProbeMessagePart), typeof(ProbeDocument),
        typeof(ProbeTraceAttribute), typeof(ProbeSpanAttribute),
    ];

    public static TheoryData<string> Attributes =>
        new(Vocabularies.SelectMany(Constants).Except(NoAttributes).Concat(Bridges.All.Select(bridge => bridge.Name)).Distinct());

    [Theory]
    [MemberData(nameof(Attributes))]
    public void Every_attribute_of_the_conventions_has_a_row(string attribute) =>
        TextTable.RowOf(attribute).Name.ShouldNotBe(TextTable.OtherAttribute, "give the attribute its row in TextTable");

    [Fact]
    public void Every_member_of_the_public_API_that_takes_text_is_in_one_row()
    {
        string[] named = [.. TextTable.All.SelectMany(row => row.Setters)];
        named.ShouldBeUnique();
        string[] taking = [.. Setters.SelectMany(Texts).Distinct()];
        taking.Length.ShouldBeGreaterThan(60);
        taking.Except(named).ShouldBeEmpty("each parameter and property that takes text belongs into a row of TextTable");
        named.Except(taking).ShouldBeEmpty("the public API has these no more");
    }

    [Fact]
    public void Names_of_rows_differ_and_a_longer_beginning_wins()
    {
        TextTable.All.Select(row => row.Name).ShouldBeUnique();
        TextTable.KindOf("gen_ai.prompt.0.content").ShouldBe(TextKind.Content);
        TextTable.KindOf("gen_ai.prompt.name").ShouldBe(TextKind.Label);
        TextTable.KindOf("gen_ai.evaluation.explanation").ShouldBe(TextKind.Error);
        TextTable.KindOf("gen_ai.evaluation.name").ShouldBe(TextKind.Label);
        TextTable.KindOf("gen_ai.tomorrow").ShouldBe(TextKind.Unknown);
        TextTable.KindOf("").ShouldBe(TextKind.Unknown);
    }

    [Fact]
    public void What_may_be_content_stays_in_no_row()
    {
        foreach (TextRow row in TextTable.All)
        {
            row.Masking.ShouldBe(TextEffect.Masked, row.Name);
            (row.ContentOff == TextEffect.Stays).ShouldBe(row.Kind == TextKind.Label, row.Name);
            (row.Redact == TextEffect.Stays).ShouldBe(row.Kind == TextKind.Label, row.Name);
        }
    }

    private static IEnumerable<string> Constants(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral)
            .Select(field => (string)field.GetRawConstantValue()!)
            .Concat(type.GetNestedTypes().SelectMany(Constants));

    private static IEnumerable<string> Texts(Type type)
    {
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        bool records = type == typeof(ProbeMessage);
        foreach (MethodInfo method in type.GetMethods(Declared).Where(method => !method.IsSpecialName && method.Name is not "Equals"
            && method.Name is not "Deconstruct"))
        {
            foreach (ParameterInfo parameter in method.GetParameters().Where(parameter => TakesText(parameter.ParameterType)))
                yield return $"{method.Name}.{parameter.Name}";
        }

        foreach (PropertyInfo property in type.GetProperties(Declared)
            .Where(property => property.CanWrite && TakesText(property.PropertyType)))
        {
            yield return $"{type.Name}.{property.Name}";
        }

        foreach (ParameterInfo parameter in type.GetConstructors().SelectMany(constructor => constructor.GetParameters())
            .Where(parameter => !records && TakesText(parameter.ParameterType)))
        {
            yield return $"{type.Name}.{parameter.Name}";
        }
    }

    private static bool TakesText(Type type)
    {
        type = type.IsByRef ? type.GetElementType()! : type;
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string) || type == typeof(object) || type == typeof(Uri) || type == typeof(ProbeValue)
            || type == typeof(ProbeFields)
            || type == typeof(Exception) || type == typeof(ReadOnlyMemory<byte>) || type.IsGenericParameter)
        {
            return true;
        }

        return (typeof(IEnumerable).IsAssignableFrom(type) || type.Name.StartsWith("ReadOnlySpan", StringComparison.Ordinal)
            || type.Name.StartsWith("IAsyncEnumerable", StringComparison.Ordinal))
            && type != typeof(Func<,>);
    }
}
