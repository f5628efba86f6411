using System.Buffers;
using System.Globalization;
using System.Text;
using PandaProbe.Safety.Secrets;
using PandaProbe.Safety.Words;

namespace PandaProbe.Safety.Masking;

/// <summary>Masks JSON: property names, strings after unescaping, JSON inside strings, and numbers, which become strings. Everything else
/// is copied.</summary>
internal static class JsonMasking
{
    private const int DigitsOfNumber = 8;

    public static bool LooksLikeJson(ReadOnlySpan<char> text)
    {
        ReadOnlySpan<char> trimmed = text.TrimStart();
        return !trimmed.IsEmpty && trimmed[0] is '{' or '[' or '"';
    }

    /// <summary>Gives null when the text is no JSON.</summary>
    public static MaskedText? TryMask(SensitiveScanner scanner, string json, string? name, int depth)
    {
        JsonReader reader = new(json);
        Output output = new(json);
        List<SensitiveFinding>? all = null;
        string? reason = null;
        List<(int Start, int End)?> names = [null];
        List<HashSet<string>?> masked = [null];
        while (true)
        {
            JsonPart part = reader.Read();
            (int Start, int End)? property = names[^1];
            switch (part)
            {
                case JsonPart.Invalid:
                    return null;
                case JsonPart.End:
                    return all is null && reason is null
                        ? new(json, SafetyOutcome.Clean, [])
                        : new(output.Finish(), reason is null ? SafetyOutcome.Found : SafetyOutcome.Withheld, all ?? [], reason);
                case JsonPart.ObjectStart or JsonPart.ArrayStart:
                    // Elements of an array have the name of the array.
                    names.Add(property);
                    masked.Add(null);
                    break;
                case JsonPart.Close:
                    names.RemoveAt(names.Count - 1);
                    masked.RemoveAt(masked.Count - 1);
                    break;
                case JsonPart.Name:
                    names[^1] = (reader.Start, reader.End);
                    if (!Text(scanner, ref output, reader, default, depth, ref all, ref reason, masked))
                    {
                        return Dropped(all!);
                    }

                    break;
                case JsonPart.Text:
                    if (!Text(scanner, ref output, reader, property is { } p ? json.AsSpan(p.Start, p.End - p.Start) : name, depth, ref all,
                        ref reason, null))
                    {
                        return Dropped(all!);
                    }

                    break;
                case JsonPart.Number:
                    ReadOnlySpan<char> number = json.AsSpan(reader.Start, reader.End - reader.Start), itsName = property is { } n
                        ? json.AsSpan(n.Start, n.End - n.Start) : name;
                    if (number.Length < DigitsOfNumber && !IsPlace(number, itsName))
                    {
                        break;
                    }

                    string? replaced = scanner.TryTreat(number, itsName, out List<SensitiveFinding>? found, out string? failure);
                    if (failure is not null)
                    {
                        reason ??= failure;
                        output.Replace(reader.Start, reader.End, $"\"{SensitiveScanner.WithheldText}\"");
                    }
                    else if (replaced is not null)
                    {
                        Add(ref all, found!, reader.Start, reader.End, exact: true);
                        if (scanner.Replacements.DropsContent(found!))
                        {
                            return Dropped(all!);
                        }

                        if (!number.SequenceEqual(replaced))
                        {
                            output.Replace(reader.Start, reader.End, "\"" + replaced + "\"");
                        }
                    }

                    break;
            }
        }
    }

    private static MaskedText Dropped(List<SensitiveFinding> all) => new($"\"{Replacements.Dropped}\"", SafetyOutcome.Found, all);

    private static bool IsPlace(ReadOnlySpan<char> number, ReadOnlySpan<char> name) =>
        !name.IsEmpty && number.Contains('.') && ContextWords.IsIn(name, ContextWords.Location);

    /// <summary>Treats a string or a property name. Gives false when the whole content is to be dropped.</summary>
    private static bool Text(
        SensitiveScanner scanner, ref Output output, JsonReader reader, ReadOnlySpan<char> name, int depth, ref List<SensitiveFinding>? all,
            ref string? reason, List<HashSet<string>?>? names)
    {
        (int start, int end) = (reader.Start, reader.End);
        if (end == start)
        {
            return true;
        }

        ReadOnlySpan<char> raw = output.Source.AsSpan(start, end - start);
        char[]? rented = null;
        ReadOnlySpan<char> text = raw;
        try
        {
            if (reader.HasEscapes)
            {
                rented = ArrayPool<char>.Shared.Rent(raw.Length);
                text = rented.AsSpan(0, JsonEscapes.Unescape(raw, rented));
            }

            string? replaced;
            if (depth < scanner.MaxDepth && text.Length > 1 && names is null && LooksLikeJson(text)
                && TryMask(scanner, text.ToString(), name.IsEmpty ? null : name.ToString(), depth + 1) is { } inner)
            {
                if (inner.Outcome == SafetyOutcome.Clean)
                {
                    return true;
                }

                reason ??= inner.Reason;
                Add(ref all, inner.Findings, start, end, exact: false);
                replaced = inner.Text;
                if (DropsContent(scanner, inner.Findings))
                {
                    return false;
                }
            }
            else
            {
                if (!name.IsEmpty && AssignmentDetector.IsProvidersId(text) && text.IndexOfAny(' ', '\n') < 0)
                {
                    return true;
                }

                replaced = scanner.TryTreat(text, name, out List<SensitiveFinding>? found, out string? failure);
                if (failure is not null)
                {
                    reason ??= failure;
                    output.Replace(
                        start, end, names is null ? SensitiveScanner.WithheldText : Unique(SensitiveScanner.WithheldText, names));
                    return true;
                }

                if (replaced is null)
                {
                    return true;
                }

                Add(ref all, found!, start, end, exact: !reader.HasEscapes);
                if (scanner.Replacements.DropsContent(found!))
                {
                    return false;
                }
            }

            if (!text.SequenceEqual(replaced))
            {
                replaced = names is null ? replaced : Unique(replaced, names);
                output.Replace(start, end, replaced, escape: true);
            }

            return true;
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<char>.Shared.Return(rented, clearArray: true);
            }
        }
    }

    // Two addresses as names of one object would become the same name, and one of the values would be lost.
    private static string Unique(string name, List<HashSet<string>?> names)
    {
        HashSet<string> taken = names[^1] ??= [];
        string unique = name;
        for (int i = 2; !taken.Add(unique); i++)
        {
            unique = string.Create(CultureInfo.InvariantCulture, $"{name} ({i})");
        }

        return unique;
    }

    private static bool DropsContent(SensitiveScanner scanner, IReadOnlyList<SensitiveFinding> findings) =>
        findings.Any(finding => scanner.Replacements.ActionOf(finding.Type) == SensitiveAction.DropContent);

    // Within a string with escapes the position of a finding is that of the string.
    private static void Add(ref List<SensitiveFinding>? all, IReadOnlyList<SensitiveFinding> found, int start, int end, bool exact)
    {
        all ??= [];
        foreach (SensitiveFinding finding in found)
        {
            all.Add(exact ? finding with { Start = start + finding.Start } : finding with { Start = start, Length = end - start });
        }
    }

    /// <summary>The document with some of its parts replaced.</summary>
    private struct Output(string source)
    {
        private StringBuilder? _builder;
        private int _copied;

        public readonly string Source => source;

        public void Replace(int start, int end, string with, bool escape = false)
        {
            _builder ??= new(source.Length);
            _builder.Append(source, _copied, start - _copied);
            _copied = end;
            if (escape)
            {
                JsonEscapes.Append(_builder, with);
            }
            else
            {
                _builder.Append(with);
            }
        }

        public readonly string Finish() => _builder is null ? source : _builder.Append(source, _copied, source.Length - _copied).ToString();
    }
}
