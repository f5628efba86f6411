namespace PandaProbe.Safety;

/// <summary>What happens to a value that is found.</summary>
public enum SensitiveAction
{
    /// <summary>Leaves the value alone and does not look for it.</summary>
    Ignore,

    /// <summary>Leaves the value where it is and reports the finding.</summary>
    Count,

    /// <summary>Writes the type in its place: <c>[EMAIL]</c>.</summary>
    Mask,

    /// <summary>Writes the type and the last four characters in its place: <c>[CARD 1111]</c>.</summary>
    KeepLast,

    /// <summary>
    /// Writes the key's id and the Base64 of the first 16 bytes of HMAC-SHA256 over its UTF-16 bytes in its place, as the HMAC redactor of
    /// Microsoft.Extensions.Compliance.Redaction does, so that equal values join across logs and traces. Needs <see
    /// cref="SafetyOptions.HashKey"/>, whose remarks say what a hash does not hide.
    /// </summary>
    Hash,

    /// <summary>Removes the value. After a name and <c>=</c> or <c>:</c> it leaves <c>[]</c>, so that what follows is not taken for the
    /// value.</summary>
    Drop,

    /// <summary>Removes the whole content in which the value was found.</summary>
    DropContent,
}
