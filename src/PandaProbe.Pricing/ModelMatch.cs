namespace PandaProbe.Pricing;

/// <summary>Specifies how <see cref="ModelPrice.Model"/> is compared with the model of a call. Case is ignored.</summary>
public enum ModelMatch
{
    /// <summary>The names are equal.</summary>
    Exact,

    /// <summary>The name begins with the text.</summary>
    Prefix,

    /// <summary>The name contains the text.</summary>
    Contains,

    /// <summary>The regular expression matches in the lower-cased name.</summary>
    Regex,
}
