namespace PandaProbe.Values;

/// <summary>Caches boxed values that tags often have, so that setting them allocates nothing.</summary>
internal static class Boxes
{
    public static readonly object True = true;
    public static readonly object False = false;

    private static readonly object[] Integers = MakeIntegers();

    public static object Integer(long value) => (ulong)value < (ulong)Integers.Length ? Integers[value] : value;

    private static object[] MakeIntegers()
    {
        object[] integers = new object[1024];
        for (int i = 0; i < integers.Length; i++)
            integers[i] = (long)i;
        return integers;
    }
}
