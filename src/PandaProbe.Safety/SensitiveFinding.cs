namespace PandaProbe.Safety;

/// <summary>Where a sensitive value stands in a text. It never carries the value.</summary>
/// <param name="Type">The kind of value.</param>
/// <param name="Start">The index of its first UTF-16 character.</param>
/// <param name="Length">Its number of UTF-16 characters.</param>
/// <param name="Confidence">How sure the detector is.</param>
/// <param name="Detector">What found it, for example <c>card</c>, <c>github</c> or <c>de-tax-id</c>.</param>
public readonly record struct SensitiveFinding(SensitiveType Type, int Start, int Length, SensitiveConfidence Confidence, string Detector)
{
    /// <summary>Gets the index after its last UTF-16 character.</summary>
    public int End => Start + Length;
}
