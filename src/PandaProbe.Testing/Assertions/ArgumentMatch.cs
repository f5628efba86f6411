namespace PandaProbe.Testing;

/// <summary>Specifies how the arguments of a tool are compared.</summary>
public enum ArgumentMatch
{
    /// <summary>The same JSON. The order of properties and the form of numbers do not matter.</summary>
    Exact,

    /// <summary>The expected properties are there, in objects at any depth; others may be there too.</summary>
    Subset,

    /// <summary>Any arguments.</summary>
    Ignored,
}
