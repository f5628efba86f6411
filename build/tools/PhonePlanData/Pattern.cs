namespace PandaProbe.PhonePlanData;

/// <summary>A pattern of a numbering plan as a nondeterministic automaton. It understands digits, \d, classes, groups, alternatives and
/// repetitions, and nothing else.</summary>
internal sealed class Pattern
{
    private readonly List<(int From, int To, int Digits)> _edges = [];
    private readonly string _text;
    private int _position;
    private int _states;

    public Pattern(string text)
    {
        _text = text;
        (Start, End) = Alternatives();
        if (_position != text.Length)
        {
            throw new FormatException($"'{text}' is not understood at {_position}.");
        }
    }

    private int Start { get; }

    private int End { get; }

    /// <summary>Whether a number of the length exists that begins with the digits.</summary>
    public bool CanMatch(string prefix, int length)
    {
        HashSet<int> states = Closure([Start]);
        for (int i = 0; i < length && states.Count > 0; i++)
        {
            int digits = i < prefix.Length ? 1 << (prefix[i] - '0') : 0x3FF;
            states = Closure(_edges.Where(edge => (edge.Digits & digits) != 0 && states.Contains(edge.From)).Select(edge => edge.To));
        }

        return states.Contains(End);
    }

    private HashSet<int> Closure(IEnumerable<int> from)
    {
        HashSet<int> all = [.. from];
        Stack<int> open = new(all);
        while (open.TryPop(out int state))
        {
            foreach ((int _, int to, int digits) in _edges.Where(edge => edge.From == state))
            {
                if (digits == 0 && all.Add(to))
                {
                    open.Push(to);
                }
            }
        }

        return all;
    }

    private (int Start, int End) Alternatives()
    {
        (int start, int end) = (_states++, _states++);
        do
        {
            (int first, int last) = Sequence();
            _edges.Add((start, first, 0));
            _edges.Add((last, end, 0));
        }
        while (Take('|'));
        return (start, end);
    }

    private (int Start, int End) Sequence()
    {
        int start = _states++, end = start;
        while (_position < _text.Length && _text[_position] is not ('|' or ')'))
        {
            int atom = _position;
            (int first, int last) = Atom();
            int afterAtom = _position;
            (int least, int most) = Repetition();
            int afterRepetition = _position;
            List<int> exits = least == 0 ? [end] : [];
            for (int i = 0; i < most; i++)
            {
                if (i > 0)
                {
                    _position = atom;
                    (first, last) = Atom();
                    (_position, _) = (afterAtom, 0);
                }

                _edges.Add((end, first, 0));
                end = last;
                if (i + 1 >= least)
                {
                    exits.Add(end);
                }
            }

            _position = afterRepetition;
            int next = _states++;
            exits.ForEach(exit => _edges.Add((exit, next, 0)));
            end = next;
        }

        return (start, end);
    }

    private (int Start, int End) Atom()
    {
        if (Take('('))
        {
            if (!Take('?') || !Take(':'))
            {
                throw new FormatException($"'{_text}' has a group that is not understood at {_position}.");
            }

            (int Start, int End) inner = Alternatives();
            return Take(')') ? inner : throw new FormatException($"'{_text}' does not close a group.");
        }

        int digits = 0;
        if (Take('['))
        {
            while (!Take(']'))
            {
                int low = Digit(), high = Take('-') ? Digit() : low;
                for (int digit = low; digit <= high; digit++)
                {
                    digits |= 1 << digit;
                }
            }
        }
        else if (Take('\\'))
        {
            digits = Take('d') ? 0x3FF : throw new FormatException($"'{_text}' has an escape that is not understood.");
        }
        else
        {
            digits = 1 << Digit();
        }

        (int start, int end) = (_states++, _states++);
        _edges.Add((start, end, digits));
        return (start, end);
    }

    private (int Least, int Most) Repetition()
    {
        if (Take('?'))
        {
            return (0, 1);
        }

        if (!Take('{'))
        {
            return (1, 1);
        }

        int least = Number(), most = Take(',') ? Number() : least;
        return Take('}') ? (least, most) : throw new FormatException($"'{_text}' does not close a repetition.");
    }

    private int Number()
    {
        int value = 0;
        while (char.IsAsciiDigit(_text[_position]))
        {
            value = (value * 10) + Digit();
        }

        return value;
    }

    private int Digit() =>
        char.IsAsciiDigit(_text[_position]) ? _text[_position++] - '0'
            : throw new FormatException($"'{_text}' has no digit at {_position}.");

    private bool Take(char expected)
    {
        if (_position >= _text.Length || _text[_position] != expected)
        {
            return false;
        }

        _position++;
        return true;
    }
}
