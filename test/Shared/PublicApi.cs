using System.Collections;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace PandaProbe.Tests;

/// <summary>
/// Writes what users of an assembly can see, one C#-like line per type and member, the same whatever the target framework.
/// </summary>
internal static class PublicApi
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(char)] = "char",
        [typeof(byte)] = "byte",
        [typeof(sbyte)] = "sbyte",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(nint)] = "nint",
        [typeof(nuint)] = "nuint",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
    };

    private static readonly HashSet<Type> TellingAttributes =
    [
        typeof(ObsoleteAttribute), typeof(FlagsAttribute), typeof(AttributeUsageAttribute), typeof(EditorBrowsableAttribute),
            typeof(ExperimentalAttribute),
        typeof(RequiresUnreferencedCodeAttribute), typeof(RequiresDynamicCodeAttribute), typeof(DynamicallyAccessedMembersAttribute),
        typeof(SetsRequiredMembersAttribute), typeof(NotNullWhenAttribute), typeof(MaybeNullWhenAttribute), typeof(StringSyntaxAttribute),
    ];

    public static IReadOnlyList<string> Of(Assembly assembly) => Of(assembly.GetTypes().Where(IsVisible));

    public static IReadOnlyList<string> Of(IEnumerable<Type> types) =>
    [
        .. types.Where(type => !type.Name.Contains('<'))
            .OrderBy(type => Name(type), StringComparer.Ordinal)
            .SelectMany(type => Members(type).Order(StringComparer.Ordinal).Prepend(Header(type)))
    ];

    private static bool IsVisible(Type type) =>
        type.IsNested ? (type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && IsVisible(type.DeclaringType!)
            : type.IsPublic;

    private static bool IsVisible(MethodBase? method) =>
        method is not null && (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly);

    private static string Header(Type type)
    {
        string start = Attributes(type.CustomAttributes) + (type.IsNestedFamily || type.IsNestedFamORAssem ? "protected " : "public ");
        if (type.IsSubclassOf(typeof(Delegate)))
        {
            MethodInfo invoke = type.GetMethod("Invoke")!;
            return $"{start}delegate {Annotated(invoke.ReturnParameter)} {Name(type)}({Parameters(invoke)}){Constraints(type.GetGenericArguments())}";
        }

        string kind = type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            { IsValueType: true } => (Has<IsReadOnlyAttribute>(type) ? "readonly " : "") + (type.IsByRefLike ? "ref " : "") + "struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
        List<string> bases = type.IsEnum ? [Name(Enum.GetUnderlyingType(type))] : Bases(type).ToList();
        return start + kind + " " + Name(type) + (bases.Count > 0 ? " : " + string.Join(", ", bases) : "")
            + Constraints(type.GetGenericArguments());
    }

    private static IEnumerable<string> Bases(Type type)
    {
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType))
        {
            yield return Name(parent);
        }

        Type[] all = type.GetInterfaces();
        var implied = all.SelectMany(i => i.GetInterfaces()).Concat(type.BaseType?.GetInterfaces() ?? []).ToHashSet();
        foreach (string? name in all.Where(i => IsVisible(i) && !implied.Contains(i)).Select(i => Name(i)).Order(StringComparer.Ordinal))
        {
            yield return name;
        }
    }

    private static IEnumerable<string> Members(Type type)
    {
        string owner = Name(type);
        if (type.IsEnum)
        {
            return type.GetFields(BindingFlags.Public | BindingFlags.Static)
                .Select(f =>
                $"{Attributes(f.CustomAttributes)}{owner}.{f.Name} = {Convert.ToString(f.GetRawConstantValue(), CultureInfo.InvariantCulture)}");
        }

        if (type.IsSubclassOf(typeof(Delegate)))
        {
            return [];
        }

        return type.GetConstructors(Declared).Where(IsVisible).Select(c => $"{Start(c, c)}{owner}({Parameters(c)})")
            .Concat(type.GetFields(Declared).Where(f => f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly).Where(f => !f.IsSpecialName)
            .Select(f => Field(owner, f)))
            .Concat(type.GetProperties(Declared).Where(p => IsVisible(p.GetMethod) || IsVisible(p.SetMethod))
            .Select(p => Property(owner, p)))
            .Concat(type.GetEvents(Declared).Where(e => IsVisible(e.AddMethod)).Select(e => Event(owner, e)))
            .Concat(type.GetMethods(Declared).Where(IsVisible)
            .Where(m => !m.IsSpecialName || m.Name.StartsWith("op_", StringComparison.Ordinal))
                .Where(m => !m.Name.Contains('<')).Select(m => Method(owner, m)));
    }

    private static string Field(string owner, FieldInfo field)
    {
        string modifiers = (field.IsPublic ? "public " : "protected ") + (Has<RequiredMemberAttribute>(field) ? "required " : "")
            + (field.IsLiteral ? "const " : field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : "");
        string value = field.IsLiteral ? " = " + Literal(field.GetRawConstantValue(), field.FieldType) : "";
        return $"{Attributes(field.CustomAttributes)}{modifiers}{Annotated(new NullabilityInfoContext().Create(field))} {owner}.{field.Name}{value}";
    }

    private static string Property(string owner, PropertyInfo property)
    {
        MethodInfo broadest = new[] { property.GetMethod, property.SetMethod }.Where(IsVisible).OrderByDescending(m => m!.IsPublic)
            .First()!;
        string required = Has<RequiredMemberAttribute>(property) ? "required " : "";
        string index = property.GetIndexParameters() is { Length: > 0 } parameters
            ? $"[{string.Join(", ", parameters.Select(Parameter))}]" : "";
        string accessors = Accessor(property.GetMethod, "get")
            + Accessor(property.SetMethod, IsInitOnly(property.SetMethod) ? "init" : "set");
        string type = property.GetMethod is { } get && get.ReturnType.IsByRef
            ? Annotated(get.ReturnParameter)
            : Annotated(new NullabilityInfoContext().Create(property), property.SetMethod is null || IsVisible(property.GetMethod));
        return $"{Start(property, broadest)}{required}{type} {owner}.{property.Name}{index} {{ {accessors}}}";

        string Accessor(MethodInfo? accessor, string keyword) =>
            !IsVisible(accessor) ? "" : (accessor!.IsPublic == broadest.IsPublic ? "" : "protected ")
                + Attributes(accessor.CustomAttributes) + keyword + "; ";
    }

    private static bool IsInitOnly(MethodInfo? setter) =>
        setter is not null && setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));

    private static string Event(string owner, EventInfo member) =>
        $"{Start(member, member.AddMethod!)}event {Annotated(new NullabilityInfoContext().Create(member))} {owner}.{member.Name}";

    private static string Method(string owner, MethodInfo method)
    {
        Type[] generic = method.GetGenericArguments();
        string arguments = generic.Length > 0 ? $"<{string.Join(", ", generic.Select(g => g.Name))}>" : "";
        return $"{Start(method, method)}{Annotated(method.ReturnParameter)} {owner}.{method.Name}{arguments}({Parameters(method)}){Constraints(generic)}";
    }

    private static string Start(MemberInfo member, MethodBase method)
    {
        bool isOverride = method is MethodInfo { IsVirtual: true } m && m.GetBaseDefinition() != m;
        string modifiers = method switch
        {
            { DeclaringType.IsInterface: true, IsStatic: false } => "",
            { IsStatic: true } => method.IsAbstract ? "static abstract " : "static ",
            { IsAbstract: true } => isOverride ? "abstract override " : "abstract ",
            { IsVirtual: true } when isOverride => method.IsFinal ? "sealed override " : "override ",
            { IsVirtual: true, IsFinal: false } => "virtual ",
            _ => "",
        };
        string readOnly = method.DeclaringType is { IsValueType: true } type && !method.IsStatic && method is MethodInfo
            && !Has<IsReadOnlyAttribute>(type) && method.CustomAttributes.Any(a => a.AttributeType == typeof(IsReadOnlyAttribute))
            ? "readonly " : "";
        return Attributes(member.CustomAttributes) + (method.IsPublic ? "public " : "protected ") + modifiers + readOnly;
    }

    private static string Parameters(MethodBase method)
    {
        string extends = method.IsDefined(typeof(ExtensionAttribute), inherit: false) ? "this " : "";
        return extends + string.Join(", ", method.GetParameters().Select(Parameter));
    }

    private static string Parameter(ParameterInfo parameter)
    {
        string modifier = parameter.CustomAttributes.Any(
            a => a.AttributeType == typeof(ParamArrayAttribute) || a.AttributeType.Name == "ParamCollectionAttribute") ? "params " : "";
        string value = parameter.HasDefaultValue ? " = " + Literal(parameter.RawDefaultValue, parameter.ParameterType) : "";
        return $"{Attributes(parameter.CustomAttributes)}{modifier}{Annotated(parameter)} {parameter.Name}{value}";
    }

    private static string Annotated(ParameterInfo parameter)
    {
        bool isReturn = parameter.Position < 0;
        bool isReadOnly = parameter.CustomAttributes.Any(a => a.AttributeType == typeof(IsReadOnlyAttribute))
            || parameter.GetRequiredCustomModifiers().Contains(typeof(System.Runtime.InteropServices.InAttribute));
        string kind = parameter switch
        {
            { ParameterType.IsByRef: false } =>
                parameter.CustomAttributes.Any(a => a.AttributeType == typeof(ScopedRefAttribute)) ? "scoped " : "",
            { IsOut: true } => "out ",
            _ when isReturn => isReadOnly ? "ref readonly " : "ref ",
            _ when parameter.CustomAttributes.Any(a => a.AttributeType == typeof(RequiresLocationAttribute)) => "ref readonly ",
            _ => isReadOnly ? "in " : "ref ",
        };
        return kind + Annotated(new NullabilityInfoContext().Create(parameter), isReturn || !parameter.IsOut);
    }

    private static string Annotated(NullabilityInfo info, bool read = true)
    {
        Type type = info.Type.IsByRef ? info.Type.GetElementType()! : info.Type;
        NullabilityState state = read ? info.ReadState : info.WriteState;
        string mark = state == NullabilityState.Nullable && !type.IsValueType && !IsUnannotated(type) ? "?" : "";
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return (info.GenericTypeArguments is [var argument] ? Annotated(argument) : Name(underlying)) + "?";
        }

        if (type.IsArray)
        {
            return $"{(info.ElementType is { } element ? Annotated(element) : Name(type.GetElementType()!))}[{new string(',', type.GetArrayRank() - 1)}]{mark}";
        }

        return Name(type, info.GenericTypeArguments.Select(a => Annotated(a)).ToList()) + mark;
    }

    // A T that may be a nullable type anyway is called nullable with and without its question mark, so it is written without.
    private static bool IsUnannotated(Type type) => type.IsGenericParameter && Annotation(type) != 1;

    private static string Name(Type type, List<string>? arguments = null)
    {
        if (Keywords.TryGetValue(type, out string? keyword))
        {
            return keyword;
        }

        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        if (type.HasElementType)
        {
            string element = Name(type.GetElementType()!);
            return type.IsArray ? $"{element}[{new string(',', type.GetArrayRank() - 1)}]" : type.IsPointer ? element + "*" : element;
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Name(underlying) + "?";
        }

        List<string> all = arguments is { Count: > 0 } ? arguments : [.. type.GetGenericArguments().Select(a => Name(a))];
        Type? outer = type.DeclaringType;
        var own = all.Skip(outer?.GetGenericArguments().Length ?? 0).ToList();
        string simple = type.Name.Split('`')[0] + (own.Count > 0 ? $"<{string.Join(", ", own)}>" : "");
        return outer is not null
            ? Name(outer, all.Take(outer.GetGenericArguments().Length).ToList()) + "." + simple
            : (type.Namespace is { } space ? space + "." : "") + simple;
    }

    private static string Constraints(Type[] parameters) => string.Concat(parameters.Select(parameter =>
    {
        GenericParameterAttributes attributes = parameter.GenericParameterAttributes;
        byte annotation = Annotation(parameter);
        var terms = new List<string>();
        if (parameter.CustomAttributes.Any(a => a.AttributeType.Name == "IsUnmanagedAttribute"))
        {
            terms.Add("unmanaged");
        }
        else if (attributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint))
        {
            terms.Add("struct");
        }
        else if (attributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
        {
            terms.Add(annotation == 2 ? "class?" : "class");
        }
        else if (annotation == 1 && parameter.GetGenericParameterConstraints().Length == 0)
        {
            terms.Add("notnull");
        }

        terms.AddRange(parameter.GetGenericParameterConstraints().Where(c => c != typeof(ValueType)).Select(c => Name(c))
            .Order(StringComparer.Ordinal));
        if (attributes.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint)
            && !attributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint))
        {
            terms.Add("new()");
        }

        if (((int)attributes & 0x20) != 0)
        {
            terms.Add("allows ref struct");
        }

        return terms.Count > 0 ? $" where {parameter.Name} : {string.Join(", ", terms)}" : "";
    }));

    private static byte Annotation(Type parameter)
    {
        if (Flag(parameter.CustomAttributes, "NullableAttribute") is { } own)
        {
            return own;
        }

        for (MemberInfo? scope = (MemberInfo?)parameter.DeclaringMethod
            ?? parameter.DeclaringType; scope is not null; scope = scope.DeclaringType)
        {
            if (Flag(scope.CustomAttributes, "NullableContextAttribute") is { } inherited)
            {
                return inherited;
            }
        }

        return 0;

        static byte? Flag(IEnumerable<CustomAttributeData> attributes, string name) =>
            attributes.FirstOrDefault(a => a.AttributeType.Name == name)?.ConstructorArguments[0].Value switch
            {
                byte flag => flag,
                IReadOnlyList<CustomAttributeTypedArgument> flags => (byte)flags[0].Value!,
                _ => null,
            };
    }

    private static bool Has<T>(MemberInfo member)
        where T : Attribute => member.CustomAttributes.Any(a => a.AttributeType == typeof(T));

    private static string Attributes(IEnumerable<CustomAttributeData> attributes)
    {
        // The compiler marks what old compilers must not use as obsolete; that is not our word.
        IEnumerable<CustomAttributeData> all = attributes.Where(a => TellingAttributes.Contains(a.AttributeType))
            .Where(a => !IsForOldCompilers(a));
        return string.Concat(all.Select(Attribute).Order(StringComparer.Ordinal));
    }

    private static bool IsForOldCompilers(CustomAttributeData attribute) =>
        attribute.AttributeType == typeof(ObsoleteAttribute) && attribute.ConstructorArguments is [{ Value: string message }, ..]
        && (message.StartsWith("Types with embedded references", StringComparison.Ordinal)
        || message.StartsWith("Constructors of types with required", StringComparison.Ordinal));

    private static string Attribute(CustomAttributeData attribute)
    {
        var arguments = attribute.ConstructorArguments.Select(Argument)
            .Concat(attribute.NamedArguments.Select(n => $"{n.MemberName} = {Argument(n.TypedValue)}")).ToList();
        string name = attribute.AttributeType.Name[..^nameof(Attribute).Length];
        return $"[{name}{(arguments.Count > 0 ? $"({string.Join(", ", arguments)})" : "")}] ";
    }

    private static string Argument(CustomAttributeTypedArgument argument) =>
        argument.Value is IEnumerable<CustomAttributeTypedArgument> many
            ? $"[{string.Join(", ", many.Select(Argument))}]" : Literal(argument.Value, argument.ArgumentType);

    private static string Literal(object? value, Type type)
    {
        bool isNullable = !type.IsValueType || Nullable.GetUnderlyingType(type) is not null;
        type = Nullable.GetUnderlyingType(type) ?? type;
        return value switch
        {
            null or DBNull or Missing => isNullable ? "null" : "default",
            string text => $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\r", "\\r").Replace("\n", "\\n")}\"",
            char letter => $"'{letter}'",
            bool flag => flag ? "true" : "false",
            Type named => $"typeof({Name(named)})",
            _ when type.IsEnum => $"({Name(type)}){Convert.ToInt64(value, CultureInfo.InvariantCulture)}",
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            IEnumerable => throw new NotSupportedException("A constant is never a collection."),
            _ => value.ToString()!,
        };
    }
}
