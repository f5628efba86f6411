using PandaProbe.TokenizerData;

if (args.Length != 3)
{
    Console.Error.WriteLine("""
        Writes the data files of PandaProbe.Tokenization and the vectors of its tests.

            dotnet run -c Release --project build/tools/TokenizerData -- <input> <data> <test data>

        <input>      a folder with o200k_base.json, cl100k_base.json, p50k_base.json and r50k_base.json
                     ({"pat_str", "special_tokens", "bpe_ranks"}) and vectors.jsonl ({"text", "<encoding>": [ids], …} per line)
        <data>       src/PandaProbe.Tokenization/Data
        <test data>  test/PandaProbe.Tokenization.Tests/Data
        """);
    return 1;
}

(string? input, string? data, string? testData) = (args[0], args[1], args[2]);
Directory.CreateDirectory(data);
Directory.CreateDirectory(testData);

SortedDictionary<byte[], int> p50k = RankFile.Read(Path.Combine(input, "p50k_base.json"));
SortedDictionary<byte[], int> r50k = RankFile.Read(Path.Combine(input, "r50k_base.json"));
if (r50k.Any(pair => p50k[pair.Key] != pair.Value) || p50k.Values.Any(id => id < 50_256 && !r50k.ContainsValue(id)))
    throw new InvalidDataException("r50k_base is no longer the beginning of p50k_base: the two cannot share a file.");

VocabularyFile.Write(Path.Combine(data, "o200k_base.bin"), RankFile.Read(Path.Combine(input, "o200k_base.json")));
VocabularyFile.Write(Path.Combine(data, "cl100k_base.bin"), RankFile.Read(Path.Combine(input, "cl100k_base.json")));
VocabularyFile.Write(Path.Combine(data, "p50k_base.bin"), p50k);
CategoryFile.Write(Path.Combine(data, "categories.bin"));
VectorFile.Write(Path.Combine(testData, "vectors.jsonl.gz"), Path.Combine(input, "vectors.jsonl"));
return 0;
