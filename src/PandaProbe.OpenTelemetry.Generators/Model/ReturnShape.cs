namespace PandaProbe.Generators.Model;

internal enum ReturnShape
{
    Nothing,

    /// <summary>A value that is not recorded.</summary>
    Opaque,
    Value,

    /// <summary>A reference to a value.</summary>
    Reference,

    /// <summary>A <c>Task</c> or <c>ValueTask</c>, with or without a result.</summary>
    Task,

    /// <summary>A sequence of a method that may run code before enumeration.</summary>
    Sequence,

    /// <summary>A sequence of a method that runs no code before enumeration.</summary>
    LazySequence,
}
