using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using PandaProbe.Safety.Scanning;

namespace PandaProbe.Safety.Secrets;

/// <summary>Addresses of wallets, by their checksums: Base58Check, Bech32 and Ethereum's capitals.</summary>
internal static class CryptoAddresses
{
    private static readonly SearchValues<char> Base58Digits = SearchValues.Create(Base58);
    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdefABCDEF");

    private const string Base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", Bech32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

    private const string Ripple = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz";

    // Two hashes take as long as the scan of a hundred characters. A text of nothing but what looks like addresses is not spared for it.
    private const int FreeProofs = 64, CharactersOfProof = 64;

    public static void Look(ref TextScan scan, int start, int end)
    {
        ReadOnlySpan<char> run = scan.Text[start..end];
        if (start > 0 && char.IsAsciiLetterOrDigit(scan.Text[start - 1]))
        {
            return;
        }

        run = run.TrimEnd(".-_");
        string? name = run.Length switch
        {
            42 when run.StartsWith("0x", StringComparison.OrdinalIgnoreCase) => IsEthereum(run[2..]) ? "ethereum" : null,
            >= 25 and <= 36 when run[0] is '1' or '3' or 'L' or 'M' or 'D' or 'A' or '9' or 'T' or 't' =>
                IsBase58Check(ref scan, start, run, Base58) ? "base58check" : null,
            >= 25 and <= 36 when run[0] == 'r' => IsBase58Check(ref scan, start, run, Ripple) ? "ripple" : null,
            95 or 106 when run[0] is '4' or '8' && run.IndexOfAnyExcept(Base58Digits) < 0 => "monero",
            >= 39 and <= 110 when StartsLikeBech32(run) => IsBech32(run) ? "bech32" : null,
            _ => null,
        };
        if (name is not null)
        {
            scan.Add(SensitiveType.CryptoAddress, start, start + run.Length, SensitiveConfidence.High, name);
        }
    }

    private static bool IsBase58Check(ref TextScan scan, int start, ReadOnlySpan<char> text, string alphabet)
    {
        if (!Placeholders.LooksGenerated(text))
        {
            return false;
        }

        // One byte of version or two, twenty of a hash, four of checksum: in numbers of 32 bits, the highest first.
        Span<uint> number = stackalloc uint[7];
        number.Clear();
        foreach (char c in text)
        {
            int digit = alphabet.IndexOf(c, StringComparison.Ordinal);
            if (digit < 0)
            {
                return false;
            }

            ulong carry = (ulong)digit;
            for (int i = number.Length - 1; i >= 0; i--)
            {
                carry += number[i] * 58UL;
                number[i] = (uint)carry;
                carry >>= 32;
            }

            if (carry != 0)
            {
                return false;
            }
        }

        Span<byte> bytes = stackalloc byte[28];
        for (int i = 0; i < number.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes[(i * 4)..], number[i]);
        }

        if (bytes[..2].IndexOfAnyExcept((byte)0) >= 0)
        {
            return false;
        }

        bytes = bytes[2..];
        ReadOnlySpan<byte> address = bytes[0] == 0 ? bytes[1..] : bytes;

        // Each zero at the beginning is written as the first digit.
        if (address.IndexOfAnyExcept((byte)0) != text.IndexOfAnyExcept(alphabet[0]))
        {
            return false;
        }

        if (scan.Proofs++ > FreeProofs + (start / CharactersOfProof))
        {
            return true;
        }

        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(address[..^4], hash);
        SHA256.HashData(hash, hash);
        return hash[..4].SequenceEqual(address[^4..]);
    }

    private static bool StartsLikeBech32(ReadOnlySpan<char> run) =>
        run.StartsWith("bc1", StringComparison.OrdinalIgnoreCase) || run.StartsWith("tb1", StringComparison.Ordinal)
            || run.StartsWith("ltc1", StringComparison.Ordinal) || run.StartsWith("addr1", StringComparison.Ordinal)
        || run.StartsWith("cosmos1", StringComparison.Ordinal) || run.StartsWith("osmo1", StringComparison.Ordinal);

    private static bool IsBech32(ReadOnlySpan<char> text)
    {
        int separator = text.LastIndexOf('1');
        uint check = 1;
        foreach (char c in text[..separator])
        {
            check = Step(check) ^ (uint)((c | 0x20) >> 5);
        }

        check = Step(check);
        foreach (char c in text[..separator])
        {
            check = Step(check) ^ (uint)((c | 0x20) & 31);
        }

        foreach (char c in text[(separator + 1)..])
        {
            int value = Bech32.IndexOf(char.ToLowerInvariant(c), StringComparison.Ordinal);
            if (value < 0)
            {
                return false;
            }

            check = Step(check) ^ (uint)value;
        }

        // The second constant is that of Bech32m.
        return check is 1 or 0x2BC830A3;

        static uint Step(uint check)
        {
            uint top = check >> 25;
            check = (check & 0x1FFFFFF) << 5;
            return check ^ ((top & 1) != 0 ? 0x3B6A57B2u : 0) ^ ((top & 2) != 0 ? 0x26508E6Du : 0) ^ ((top & 4) != 0 ? 0x1EA119FAu : 0)
                ^ ((top & 8) != 0 ? 0x3D4233DDu : 0) ^ ((top & 16) != 0 ? 0x2A1462B3u : 0);
        }
    }

    /// <summary>Forty hexadecimal digits; in mixed case the capitals are a checksum (EIP-55).</summary>
    private static bool IsEthereum(ReadOnlySpan<char> digits)
    {
        if (digits.IndexOfAnyExcept(Hexadecimal) >= 0 || digits.IndexOfAnyExcept('0', 'f', 'F') < 0)
        {
            return false;
        }

        if (!digits.ContainsAnyInRange('a', 'f') || !digits.ContainsAnyInRange('A', 'F'))
        {
            return true;
        }

        Span<byte> lower = stackalloc byte[40], hash = stackalloc byte[32];
        for (int i = 0; i < 40; i++)
        {
            lower[i] = (byte)char.ToLowerInvariant(digits[i]);
        }

        Keccak.Hash(lower, hash);
        for (int i = 0; i < 40; i++)
        {
            int nibble = (i & 1) == 0 ? hash[i / 2] >> 4 : hash[i / 2] & 15;
            if (char.IsAsciiLetter(digits[i]) && char.IsAsciiLetterUpper(digits[i]) != nibble > 7)
            {
                return false;
            }
        }

        return true;
    }
}
