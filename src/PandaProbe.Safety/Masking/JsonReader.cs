namespace PandaProbe.Safety.Masking;

/// <summary>What <see cref="JsonReader"/> stands on.</summary>
internal enum JsonPart
{
    End,
    Invalid,
    ObjectStart,
    ArrayStart,
    Close,
    Name,
    Text,
    Number,
    Literal,
}

/// <summary>Reads JSON as UTF-16, part by part, with positions in the source. <c>Utf8JsonReader</c> needs UTF-8 and knows no positions in
/// a string.</summary>
internal ref struct JsonReader(ReadOnlySpan<char> json)
{
    private const int Deepest = 512;

    private readonly ReadOnlySpan<char> _json = json;
    private readonly bool[] _objects = new bool[Deepest];
    private int _at;
    private int _depth;
    private State _state;

    private enum State
    {
        Value,
        ValueOrClose,
        NameOrClose,
        Name,
        CommaOrClose,
        Done,
    }

    /// <summary>Where the content of the part begins and ends; without the quotes of a string.</summary>
    public int Start { get; private set; }

    public int End { get; private set; }

    public bool HasEscapes { get; private set; }

    public readonly int Depth => _depth;

    public JsonPart Read()
    {
        Space();
        if (_at == _json.Length)
        {
            return _state == State.Done ? JsonPart.End : JsonPart.Invalid;
        }

        char c = _json[_at];
        switch (_state)
        {
            case State.Done:
                return JsonPart.Invalid;
            case State.CommaOrClose when c == ',':
                _at++;
                Space();
                _state = _objects[_depth - 1] ? State.Name : State.Value;
                return _at == _json.Length ? JsonPart.Invalid : Read();
            case State.CommaOrClose or State.NameOrClose or State.ValueOrClose when c is '}' or ']':
                if (_objects[_depth - 1] != (c == '}'))
                {
                    return JsonPart.Invalid;
                }

                _at++;
                _depth--;
                After();
                return JsonPart.Close;
            case State.CommaOrClose:
                return JsonPart.Invalid;
            case State.Name or State.NameOrClose:
                if (c != '"' || !Text())
                {
                    return JsonPart.Invalid;
                }

                Space();
                if (_at == _json.Length || _json[_at] != ':')
                {
                    return JsonPart.Invalid;
                }

                _at++;
                _state = State.Value;
                return JsonPart.Name;
        }

        switch (c)
        {
            case '{' or '[':
                if (_depth == Deepest)
                {
                    return JsonPart.Invalid;
                }

                _objects[_depth++] = c == '{';
                _state = c == '{' ? State.NameOrClose : State.ValueOrClose;
                _at++;
                return c == '{' ? JsonPart.ObjectStart : JsonPart.ArrayStart;
            case '"':
                if (!Text())
                {
                    return JsonPart.Invalid;
                }

                After();
                return JsonPart.Text;
            case '-' or (>= '0' and <= '9'):
                return Number() ? JsonPart.Number : JsonPart.Invalid;
            default:
                return Literal() ? JsonPart.Literal : JsonPart.Invalid;
        }
    }

    private void After() => _state = _depth == 0 ? State.Done : State.CommaOrClose;

    private void Space()
    {
        while (_at < _json.Length && _json[_at] is ' ' or '\n' or '\r' or '\t')
        {
            _at++;
        }
    }

    private bool Text()
    {
        Start = ++_at;
        HasEscapes = false;
        while (true)
        {
            int next = _json[_at..].IndexOfAny('"', '\\');
            if (next < 0 || _json.Slice(_at, next).ContainsAnyInRange('\0', '\x1F'))
            {
                return false;
            }

            _at += next;
            if (_json[_at] == '"')
            {
                End = _at++;
                return true;
            }

            HasEscapes = true;
            char escaped = _at + 1 < _json.Length ? _json[_at + 1] : '\0';
            if (escaped == 'u')
            {
                for (int i = 2; i < 6; i++)
                {
                    if (_at + i >= _json.Length || !char.IsAsciiHexDigit(_json[_at + i]))
                    {
                        return false;
                    }
                }

                _at += 6;
            }
            else if (escaped is '"' or '\\' or '/' or 'b' or 'f' or 'n' or 'r' or 't')
            {
                _at += 2;
            }
            else
            {
                return false;
            }
        }
    }

    private bool Number()
    {
        Start = _at;
        _at += _json[_at] == '-' ? 1 : 0;
        int first = _at;
        if (!Digits() || (_json[first] == '0' && _at > first + 1))
        {
            return false;
        }

        if (_at < _json.Length && _json[_at] == '.')
        {
            _at++;
            if (!Digits())
            {
                return false;
            }
        }

        if (_at < _json.Length && _json[_at] is 'e' or 'E')
        {
            _at++;
            _at += _at < _json.Length && _json[_at] is '+' or '-' ? 1 : 0;
            if (!Digits())
            {
                return false;
            }
        }

        End = _at;
        After();
        return true;
    }

    private bool Digits()
    {
        int start = _at;
        while (_at < _json.Length && char.IsAsciiDigit(_json[_at]))
        {
            _at++;
        }

        return _at > start;
    }

    private bool Literal()
    {
        foreach (string literal in (ReadOnlySpan<string>)["true", "false", "null"])
        {
            if (_json[_at..].StartsWith(literal, StringComparison.Ordinal))
            {
                (Start, End) = (_at, _at += literal.Length);
                After();
                return true;
            }
        }

        return false;
    }
}
