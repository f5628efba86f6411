using System.Numerics;
using System.Runtime.InteropServices;
using PandaProbe.Safety.Numbers;
using PandaProbe.Safety.Secrets;
using PandaProbe.Safety.Words;

namespace PandaProbe.Safety.Scanning;

/// <summary>One pass over a text: it classifies blocks of 64 characters and calls detectors only where a value can be.</summary>
internal ref struct TextScan
{
    public const int ShortestToken = 16;

    /// <summary>After how many characters, a power of two, the scan asks whether its time is over.</summary>
    public const int CharactersBetweenLooks = 0x10000;

    private readonly ScanSettings _settings;

    public TextScan(ReadOnlySpan<char> text, ReadOnlySpan<char> name, ScanSettings settings, Deadline deadline, bool encoded = false)
    {
        Text = text;
        Name = name;
        _settings = settings;
        Deadline = deadline;
        Encoded = encoded;
    }

    public readonly ReadOnlySpan<char> Text;

    /// <summary>The name of the property, attribute or argument whose value the text is; empty when there is none.</summary>
    public readonly ReadOnlySpan<char> Name;

    public readonly Deadline Deadline;

    /// <summary>Whether the text was decoded from Base64 or percent-encoding; such text is not decoded again.</summary>
    public readonly bool Encoded;

    /// <summary>Before these indexes nothing is left to do for the detectors of the name: what makes each of them linear.</summary>
    public int NumbersDone, AddressesDone, EncodingDone, BlocksOfBase64Done, KeysDone, ValueEnd, LooksInValue, Proofs;

    /// <summary>How far the characters of tokens with a prefix go on.</summary>
    public SecretRuns SecretRuns;

    private WordTrail _words;

    /// <summary>Where the next end of a private key begins, as far as it was looked for; negative when there is none.</summary>
    public int EndOfKey;

    /// <summary>The findings so far; null while there are none.</summary>
    public List<SensitiveFinding>? Findings;

    public readonly ScanSettings Settings => _settings;

    public readonly bool Wants(SensitiveType type) => _settings.Wants(type);

    public void Add(SensitiveType type, int start, int end, SensitiveConfidence confidence, string detector)
    {
        if (_settings.Wants(type) && confidence >= _settings.Least && !_settings.IsAllowed(Text[start..end], type))
        {
            (Findings ??= []).Add(new(type, start, end - start, confidence, detector));
        }
    }

    /// <summary>Whether a word of the set stands shortly before the value that begins here, or in the name of what it belongs to.</summary>
    public bool IsNear(int start, WordSet words) => _words.IsNear(Text, start, Name, words);

    /// <summary>Whether a word of any set does.</summary>
    public bool IsAnyNear(int start) => _words.IsAnyNear(Text, start, Name);

    public readonly char CharAt(int index) => (uint)index < (uint)Text.Length ? Text[index] : '\0';

    /// <summary>Scans with the widest vectors of the processor, or without any.</summary>
    public void Run(bool plain = false)
    {
        Span<char> last = stackalloc char[CharacterClasses.BlockLength];
        int openRun = -1;
        ulong dashesBefore = 0, digitsBefore = 0;
        for (int block = 0; block < Text.Length; block += CharacterClasses.BlockLength)
        {
            if ((block & (CharactersBetweenLooks - 1)) == 0)
            {
                Deadline.ThrowIfOver();
            }

            CharacterMasks masks;
            if (Text.Length - block < CharacterClasses.BlockLength)
            {
                last.Clear();
                Text[block..].CopyTo(last);
                if (plain)
                {
                    CharacterClasses.ClassifyPlain(last, out masks);
                }
                else
                {
                    CharacterClasses.Classify(ref MemoryMarshal.GetReference(last), out masks);
                }
            }
            else if (plain)
            {
                CharacterClasses.ClassifyPlain(Text.Slice(block, CharacterClasses.BlockLength), out masks);
            }
            else
            {
                CharacterClasses.Classify(ref MemoryMarshal.GetReference(Text[block..]), out masks);
            }

            openRun = TokenRuns(block, masks.Token, openRun);
            Signs(block, masks.Sign);
            if (_settings.WantsNumbers)
            {
                bool dotted = BitOperations.PopCount(masks.Dot & (masks.Digit << 1) & (masks.Digit >> 1)) >= 2;
                if (dotted || (masks.Digit != 0 && BitOperations.PopCount(masks.Digit) + BitOperations.PopCount(digitsBefore) >= 6))
                {
                    if (digitsBefore != 0)
                    {
                        NumberDetector.Look(ref this, block - CharacterClasses.BlockLength, digitsBefore);
                    }

                    NumberDetector.Look(ref this, block, masks.Digit);
                }

                digitsBefore = masks.Digit;
            }

            // Five dashes in a row, those of the block before included, begin a block of PEM.
            UInt128 dashes = ((UInt128)masks.Dash << 4) | (dashesBefore >> 60);
            ulong five = (ulong)((dashes & (dashes >> 1) & (dashes >> 2) & (dashes >> 3) & (dashes >> 4)) & ulong.MaxValue);
            dashesBefore = masks.Dash;
            if (masks.Dash != 0 && five != 0 && _settings.Wants(SensitiveType.PrivateKey))
            {
                PrivateKeyDetector.Look(ref this, Math.Max(0, block - 4), Math.Min(block + CharacterClasses.BlockLength, Text.Length));
            }
        }

        if (openRun >= 0 && Text.Length - openRun >= ShortestToken)
        {
            TokenDetector.Look(ref this, openRun, Text.Length);
        }
    }

    /// <summary>Looks at every run of token characters that is long enough. Gives where the run begins that is still open after the block,
    /// or -1.</summary>
    private int TokenRuns(int block, ulong token, int open)
    {
        if (token == ulong.MaxValue)
        {
            return open < 0 ? block : open;
        }

        if (open >= 0)
        {
            int leading = BitOperations.TrailingZeroCount(~token);
            if (block + leading - open >= ShortestToken)
            {
                TokenDetector.Look(ref this, open, block + leading);
            }

            token &= ulong.MaxValue << leading;
        }

        int trailing = BitOperations.LeadingZeroCount(~token);
        if (trailing > 0)
        {
            token &= ulong.MaxValue >> trailing;
        }

        ulong starts = token & (token >> 1);
        starts &= starts >> 2;
        starts &= starts >> 4;
        starts &= starts >> 8;
        while (starts != 0)
        {
            int start = BitOperations.TrailingZeroCount(starts);
            int end = start + BitOperations.TrailingZeroCount(~(token >> start));
            TokenDetector.Look(ref this, block + start, block + end);
            starts = end < 64 ? starts & (ulong.MaxValue << end) : 0;
        }

        return trailing > 0 ? block + CharacterClasses.BlockLength - trailing : -1;
    }

    private void Signs(int block, ulong signs)
    {
        for (; signs != 0; signs &= signs - 1)
        {
            int at = block + BitOperations.TrailingZeroCount(signs);
            switch (Text[at])
            {
                case '@':
                    EmailDetector.Look(ref this, at);
                    break;
                case '%':
                    EncodedText.LookAtPercent(ref this, at);
                    break;
                case ':':
                    AddressDetector.Look(ref this, at);
                    AssignmentDetector.Look(ref this, at);
                    break;
                default:
                    AssignmentDetector.Look(ref this, at);
                    break;
            }
        }
    }
}
