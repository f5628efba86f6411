namespace PandaProbe.Safety.Secrets;

/// <summary>What the name of a value says of it.</summary>
internal enum KeyKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It is a credential only if it looks like one: "token", or "key" with the name of a vendor.</summary>
    Weak,

    /// <summary>It is a credential: "client_secret", "apiKey".</summary>
    Strong,

    /// <summary>It is a password, which people choose.</summary>
    Password,
}
