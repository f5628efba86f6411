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

    /// <summary>Whether digits are a number of the plan of a calling code; the trunk prefix counts as part of it when the plan has
    /// one.</summary>
    public bool IsNational(int code, ReadOnlySpan<byte> digits)
    {
        Plan plan = _plans[code];
        return plan.Trunk == digits[0] + '0' ? plan.Has(digits[1..]) : plan.Has(digits);
    }

    /// <summary>Gives what numbers of any of the plans begin with, by length and four digits, trunk prefixes included.</summary>
    public bool[]?[] Union(ReadOnlySpan<int> codes, bool withTrunk)
    {
        bool[]?[] union = new bool[20][];
        foreach (int code in codes)
        {
            _plans[code].AddTo(union, withTrunk);
        }

        return union;
    }

    private sealed class Plan(char trunk, Dictionary<int, ushort[]> lengths)
    {
        public char Trunk => trunk;

        public void AddTo(bool[]?[] union, bool withTrunk)
        {
            foreach ((int length, ushort[] bounds) in lengths)
            {
                for (int i = 0; i < bounds.Length; i += 2)
                {
                    if (!withTrunk)
                    {
                        (union[length] ??= new bool[10_000]).AsSpan(bounds[i], bounds[i + 1] - bounds[i]).Fill(true);
                    }

                    // After the trunk prefix three digits are left of the four.
                    int first = ((trunk - '0') * 1000) + (bounds[i] / 10), last = ((trunk - '0') * 1000) + ((bounds[i + 1] - 1) / 10);
                    if (trunk != 0 && length < 19)
                    {
                        (union[length + 1] ??= new bool[10_000]).AsSpan(first, last - first + 1).Fill(true);
                    }
                }
            }
        }

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
