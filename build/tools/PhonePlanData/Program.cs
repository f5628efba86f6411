using System.Globalization;
using System.Text;
using System.Text.Json;
using PandaProbe.PhonePlanData;

if (args.Length != 2)
{
    Console.Error.WriteLine("""
        Writes the numbering plans of PandaProbe.Safety.

            dotnet run -c Release --project build/tools/PhonePlanData -- <metadata.max.json> src/PandaProbe.Safety/Data/phone-plans.bin

        <metadata.max.json>  of the npm package libphonenumber-js (numbering plans of Google's libphonenumber)

        The file: per calling code, two bytes little-endian, one byte: the trunk prefix ('0' to '9', or 0 for none), one byte: how many lengths; per length
        one byte: its digits, then which first four digits such numbers have, as variable-length numbers: how many runs, and for each run
        how many prefixes lie before it and how many in it.
        """);
    return 1;
}

using var json = JsonDocument.Parse(File.ReadAllBytes(args[0]));
JsonElement countries = json.RootElement.GetProperty("countries");
string[] prefixes = [.. Enumerable.Range(0, 10_000).Select(prefix => prefix.ToString("D4", CultureInfo.InvariantCulture))];
using MemoryStream file = new();
using BinaryWriter writer = new(file, Encoding.ASCII);

foreach (JsonProperty code in json.RootElement.GetProperty("country_calling_codes").EnumerateObject())
{
    JsonElement[] plans = [.. code.Value.EnumerateArray().Select(country => countries.GetProperty(country.GetString()!))];
    string trunk = plans[0].GetArrayLength() > 5 && plans[0][5].ValueKind == JsonValueKind.String ? plans[0][5].GetString()! : "";
    (Pattern Pattern, int[] Lengths)[] patterns = [.. plans.SelectMany(PatternsOf)];
    int[] lengths = [.. patterns.SelectMany(pattern => pattern.Lengths).Distinct().Order()];
    List<(int Length, List<int> Runs)> rows =
        [.. lengths.Select(length => (length, RunsOf(length, patterns))).Where(row => row.Item2.Count > 0)];

    writer.Write(ushort.Parse(code.Name, CultureInfo.InvariantCulture));
    writer.Write((byte)(trunk.Length == 1 ? trunk[0] : 0));
    writer.Write((byte)rows.Count);
    foreach ((int length, List<int> runs) in rows)
    {
        writer.Write((byte)length);
        writer.Write7BitEncodedInt(runs.Count / 2);
        runs.ForEach(writer.Write7BitEncodedInt);
    }
}

File.WriteAllBytes(args[1], file.ToArray());
Console.WriteLine($"{file.Length} bytes");
return 0;

// The kinds of numbers that people have: fixed lines and mobiles, free and paid services, personal and voice-over-IP numbers. A plan
// without them has one pattern for all.
static IEnumerable<(Pattern Pattern, int[] Lengths)> PatternsOf(JsonElement plan)
{
    int[] all = [.. plan[3].EnumerateArray().Select(length => length.GetInt32())];
    if (plan.GetArrayLength() <= 11 || plan[11].ValueKind != JsonValueKind.Array)
    {
        return [(new Pattern(plan[2].GetString()!), all)];
    }

    return plan[11].EnumerateArray().Where(kind => kind.ValueKind == JsonValueKind.Array && kind[0].GetString() is { Length: > 0 })
        .Select(kind =>
            (new Pattern(kind[0].GetString()!), kind.GetArrayLength() > 1 ? kind[1].EnumerateArray().Select(length => length.GetInt32())
            .ToArray() : all));
}

List<int> RunsOf(int length, (Pattern Pattern, int[] Lengths)[] patterns)
{
    Pattern[] matching = [.. patterns.Where(pattern => pattern.Lengths.Contains(length)).Select(pattern => pattern.Pattern)];
    bool[] possible = new bool[10_000];
    for (int first = 0; first < 100; first++)
    {
        // Most of the ten thousand are ruled out by their first two digits.
        string start = prefixes[first][2..];
        Pattern[] left = [.. matching.Where(pattern => pattern.CanMatch(start, length))];
        for (int i = first * 100; left.Length > 0 && i < (first + 1) * 100; i++)
        {
            possible[i] = left.Any(pattern => pattern.CanMatch(prefixes[i], length));
        }
    }

    List<int> runs = [];
    for (int i = 0, end = 0; i < possible.Length; i++)
    {
        if (possible[i])
        {
            int first = i;
            while (i < possible.Length && possible[i])
            {
                i++;
            }

            runs.Add(first - end);
            runs.Add(i - first);
            end = i;
        }
    }

    return runs;
}
