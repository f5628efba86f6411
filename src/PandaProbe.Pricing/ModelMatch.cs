namespace PandaProbe.Pricing;

/// <summary>How <see cref="ModelPrice.Model"/> is compared with the model of a call. Case never matters.</summary>
public enum ModelMatch
{
    /// <summary>The whole name.</summary>
    Exact,

    /// <summary>The beginning of the name.</summary>
    Prefix,

    /// <summary>Any part of the name.</summary>
    Contains,

    /// <summary>A regular expression that finds a match in the lower-cased name.</summary>
    Regex,
}
