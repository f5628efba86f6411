namespace PandaProbe.Local.Reading;

/// <summary>Specifies who says what a call cost.</summary>
internal enum CostSource
{
    /// <summary>The cost is unknown, which is not a cost of zero.</summary>
    Unknown,

    /// <summary>The application or its instrumentation.</summary>
    Reported,

    /// <summary>PandaProbe in the application, from its price book.</summary>
    PriceBook,

    /// <summary>This viewer, from the tokens and its price book.</summary>
    Estimated,
}
