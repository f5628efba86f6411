namespace PandaProbe.Safety.Numbers;

/// <summary>The numbering plans of the world: per calling code and length, with which four digits numbers begin.</summary>
internal sealed class PhonePlans
{
    private static readonly Lazy<PhonePlans> Lazily = new(() => new PhonePlans());

    private readonly Dictionary<int, Plan> _plans = [];

    private PhonePlans()
    {
        using Stream stream = typeof(PhonePlans).Assembly.GetManifestResourceStream("phone-plans")!;
        using BinaryReader reader = new(stream);
        while (stream.Position < stream.Length)
        {
            int code = reader.ReadUInt16();
            char trunk = (char)reader.ReadByte();
            Dictionary<int, ushort[]> lengths = [];
            for (int rows = reader.ReadByte(); rows > 0; rows--)
            {
                int length = reader.ReadByte();
                ushort[] bounds = new ushort[reader.Read7BitEncodedInt() * 2];
                for (int i = 0, last = 0; i < bounds.Length; i++)
                {
                    bounds[i] = (ushort)(last += reader.Read7BitEncodedInt());
                }

                lengths.Add(length, bounds);
            }

            _plans.Add(code, new(trunk, lengths));
        }
    }

    public static PhonePlans Instance => Lazily.Value;

    /// <summary>Whether digits after a "+" are a calling code and a number of its plan.</summary>
    public bool IsInternational(ReadOnlySpan<byte> digits)
    {
        int code = 0;
        for (int i = 0; i < 3 && i < digits.Length; i++)
        {
            code = (code * 10) + digits[i];
            if (_plans.TryGetValue(code, out Plan? plan))
            {
                ReadOnlySpan<byte> national = digits[(i + 1)..];
                return plan.Has(national) || (national.Length > 1 && plan.Trunk == national[0] + '0' && plan.Has(national[1..]));
            }
        }

        return false;
    }

    /// <summary>Whether digits are a number of the plan of a calling code; the trunk prefix counts as part of it when the plan has one.</summary>
    public bool IsNational(int code, ReadOnlySpan<byte> digits)
    {
        Plan plan = _plans[code];
        return plan.Trunk == digits[0] + '0' ? plan.Has(digits[1..]) : plan.Has(digits);
    }

    /// <summary>Whether digits that begin with the trunk prefix 0 are a number of the plan of one of the codes.</summary>
    public bool IsNationalOfAny(ReadOnlySpan<int> codes, ReadOnlySpan<byte> digits)
    {
        foreach (int code in codes)
        {
            if (IsNational(code, digits))
            {
                return true;
            }
        }

        return false;
    }

    private sealed class Plan(char trunk, Dictionary<int, ushort[]> lengths)
    {
        public char Trunk => trunk;

        public bool Has(ReadOnlySpan<byte> digits)
        {
            if (digits.Length < 4 || !lengths.TryGetValue(digits.Length, out ushort[]? bounds))
            {
                return false;
            }

            // Bounds are the beginnings and ends of runs in turn, so an odd count of them lies at or before what a run contains.
            int prefix = (int)Checksums.Number(digits[..4]);
            int index = Array.BinarySearch(bounds, (ushort)prefix);
            int atOrBefore = index >= 0 ? index + 1 : ~index;
            return (atOrBefore & 1) == 1;
        }
    }
}
