using System.Globalization;

namespace PandaProbe.Values;

/// <summary>The value of any library's tag as text.</summary>
internal static class TagText
{
    public static string Of(object value)
    {
        try
        {
            return Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        }
        catch (Exception)
        {
            // A foreign value's own ToString may throw.
            return value.GetType().ToString();
        }
    }
}
