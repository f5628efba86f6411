namespace PandaProbe.Safety;

/// <summary>Takes what an <see cref="ISensitiveDetector"/> finds.</summary>
public sealed class SensitiveMatches
{
    private readonly List<SensitiveFinding> _found = [];
    private readonly int _length;
    private readonly string _detector;

    internal SensitiveMatches(int length, string detector) => (_length, _detector) = (length, detector);

    internal IReadOnlyList<SensitiveFinding> Found => _found;

    /// <summary>Adds a match.</summary>
    /// <param name="start">The index of its first character.</param>
    /// <param name="length">Its number of characters.</param>
    /// <param name="confidence">How sure the detector is; <see cref="SensitiveConfidence.High"/> by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">The match is empty or not within the text.</exception>
    public void Add(int start, int length, SensitiveConfidence confidence = SensitiveConfidence.High)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, _length - start);
        _found.Add(new(SensitiveType.Custom, start, length, confidence, _detector));
    }
}
