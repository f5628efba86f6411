namespace PandaProbe.Safety.Scanning;

/// <summary>What a scan looks for, copied from <see cref="SafetyOptions"/> when a scanner is made.</summary>
internal sealed class ScanSettings
{
    private const uint Numbers =
        1u << (int)SensitiveType.PaymentCard | 1u << (int)SensitiveType.BankAccount | 1u << (int)SensitiveType.Phone
        | 1u << (int)SensitiveType.IPAddress | 1u << (int)SensitiveType.NationalId | 1u << (int)SensitiveType.BirthDate
        | 1u << (int)SensitiveType.Location;

    private readonly uint _types;
    private readonly string[] _allowedValues;
    private readonly string[] _allowedDomains;

    public ScanSettings(SafetyOptions options, SensitiveAction[] actions)
    {
        foreach (SensitiveType type in Enum.GetValues<SensitiveType>())
        {
            _types |= actions[(int)type] == SensitiveAction.Ignore ? 0 : 1u << (int)type;
        }

        Least = options.LeastConfidence;
        _allowedValues = [.. options.AllowedValues];
        _allowedDomains = [.. options.AllowedDomains];
        HashesValues = options.HashKey is not null;
    }

    public SensitiveConfidence Least { get; }

    public bool HashesValues { get; }

    public bool WantsNumbers => (_types & Numbers) != 0;

    public bool Wants(SensitiveType type) => (_types & (1u << (int)type)) != 0;

    public bool IsAllowed(ReadOnlySpan<char> value, SensitiveType type)
    {
        foreach (string allowed in _allowedValues)
        {
            if (value.Equals(allowed, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        if (type == SensitiveType.Email)
        {
            ReadOnlySpan<char> domain = value[(value.LastIndexOf('@') + 1)..];
            foreach (string allowed in _allowedDomains)
            {
                if (domain.EndsWith(allowed, StringComparison.OrdinalIgnoreCase)
                    && (domain.Length == allowed.Length || domain[^(allowed.Length + 1)] == '.'))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
