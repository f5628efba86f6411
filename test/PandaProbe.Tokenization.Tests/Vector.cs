namespace PandaProbe.Tokenization.Tests;

internal sealed record Vector(string Text, Dictionary<string, ExpectedIds> Ids);
