namespace PandaProbe.Local.Reading;

/// <summary>A named value.</summary>
/// <param name="Key">The name.</param>
/// <param name="Json">The value as JSON, so that numbers stay numbers.</param>
internal readonly record struct ReadField(string Key, string Json);
