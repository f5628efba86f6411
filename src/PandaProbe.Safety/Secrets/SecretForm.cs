namespace PandaProbe.Safety.Secrets;

/// <summary>The form of one kind of secret: what it begins with, and how many characters of which alphabet follow.</summary>
/// <param name="Vendor">Who gives it out.</param>
/// <param name="Prefix">What it begins with.</param>
/// <param name="Tail">What follows, as parts of an alphabet and a count, for example <c>n22.n43</c>.</param>
/// <param name="HasChecksum">Whether its last six characters are GitHub's CRC-32 in base 62.</param>
internal sealed record SecretForm(string Vendor, string Prefix, SecretPart[] Tail, bool HasChecksum);
