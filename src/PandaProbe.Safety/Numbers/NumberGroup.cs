namespace PandaProbe.Safety.Numbers;

/// <summary>Digits in a row, within a number that is written in groups.</summary>
/// <param name="Start">The index of the first digit.</param>
/// <param name="Length">The number of digits.</param>
/// <param name="Before">The separator before the group; <c>\0</c> before the first.</param>
internal readonly record struct NumberGroup(int Start, int Length, char Before)
{
    public int End => Start + Length;
}
