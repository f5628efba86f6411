namespace PandaProbe.Generators.Model;

internal enum ReturnShape
{
    Nothing,

    /// <summary>A value that is not recorded.</summary>
    Opaque,
    Value,

    /// <summary>A reference to a value.</summary>
    Reference,

    /// <summary><c>Task</c>, <c>ValueTask</c>, with or without a result.</summary>
    Task,

    /// <summary>A sequence of a method that does something before it is enumerated, or may.</summary>
    Sequence,

    /// <summary>A sequence of a method that does nothing before it is enumerated.</summary>
    LazySequence,
}
