using System.Text;

namespace PandaProbe.Benchmarks;

/// <summary>
/// Texts made from a seed: a new seed is a text never seen before, made of the same words of the language, which follow Zipf's law as those
/// of real texts do, and of some that are made up.
/// </summary>
internal static class TokenizationTexts
{
    public static readonly string[] Kinds = ["english", "code", "cjk", "base64", "json", "one letter"];

    public static string Make(string kind, int seed, int characters)
    {
        var random = new Random(seed);
        var text = new StringBuilder(characters + 256);
        while (text.Length < characters)
        {
            switch (kind)
            {
                case "english":
                    Sentence(text, random);
                    break;
                case "code":
                    Statement(text, random);
                    break;
                case "cjk":
                    Cjk(text, random);
                    break;
                case "base64":
                    Base64(text, random);
                    break;
                case "json":
                    Json(text, random);
                    break;
                default:
                    text.Append('a', characters);
                    break;
            }
        }

        text.Length = characters;
        if (char.IsHighSurrogate(text[^1]))
            text[^1] = ' ';
        return text.ToString();
    }

    private static readonly string[] EnglishWords = Words("""
        the of and to a in is that for it was on with as be by this are from at or an have not which but has they you were their one all we can
        there been if more when will would who so no out up about into than its some time only could new other these two may then do first any
        my now such like our over man me even most made after also did many before must through back years where much your way well down should
        because each just those people mr how too little state good very make world still own see men work long get here between both life being
        under never day same another know while last might us great old year off come since against go came right used take three states himself
        few house use during without again place american around however home small found thought went say part once general high upon school every
        don't does got united left number course war until always away something fact though water less public put think almost hand enough far took
        head yet government system better set told nothing night end why called didn't eyes find going look asked later knew point next program city
        business give group toward young days let room word children told president side social given present several order national possible rather
        second face per among form important often things looked early white case john become large big need four within felt along children saw best
        church ever least power development light thing seemed family interest want members mind country area others done turned although open god
        service certain kind problem began different door thus help sense means whole matter information tokenization instrumentation observability
        asynchronous throughput latency hypothesis consequently nevertheless approximately characteristic environmental philosophical bureaucracy
        understanding representation responsibilities extraordinary misunderstanding archaeological photosynthesis electromagnetic incomprehensible
        """);

    private static readonly string[] CodeWords = Words("""
        value index result list count name item text buffer length options request response client token stream span writer reader builder context
        handler service provider factory logger config settings array task cancellationToken source target type key node parent child tree queue
        stack map dictionary set enumerator iterator callback event state status error message exception user session activity trace metric counter
        histogram exporter processor sampler resource attribute serializer deserializer encoder decoder parser lexer scanner compiler emitter runtime
        """);

    private static readonly string[] CodeTypes = Words("""
        int string var bool double long byte List<string> IReadOnlyList<int> Dictionary<string,object> Task<int> CancellationToken ReadOnlySpan<char>
        IEnumerable<KeyValuePair<string,int>> Activity HttpClient JsonElement StringBuilder ArgumentNullException TimeSpan DateTimeOffset Guid Func<T,bool>
        """);

    private static readonly string[] CjkWords =
    [
        "我们", "的", "是", "在", "中国", "世界", "技术", "人工智能", "模型", "可以", "因为", "所以", "但是", "今天", "天气", "很好", "学习", "计算机", "科学", "发展",
        "問題", "について", "という", "です", "ます", "した", "これは", "日本語", "テキスト", "トークン", "カウント", "テスト", "私たち", "東京", "新しい", "システム",
        "，", "。", "、", "！", "「", "」", "🎉", "🚀", "😀", "👩‍💻", "❤️", "🇯🇵", "👍🏽", "龘", "鬱", "躊躇", "魑魅魍魎", "曖昧", "薔薇", "繁體中文", "臺灣",
        "語言",
    ];

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    // Rank r is drawn about as often as 1/r.
    private static string Pick(string[] words, Random random) => words[(int)Math.Pow(words.Length, random.NextDouble()) - 1];

    private static void Sentence(StringBuilder text, Random random)
    {
        int words = random.Next(6, 24);
        for (int i = 0; i < words; i++)
        {
            string word = random.Next(100) switch
            {
                < 3 => MadeUp(random, 4, 11),
                < 5 => random.Next(1, 3000).ToString(),
                < 35 => EnglishWords[random.Next(EnglishWords.Length)],
                _ => Pick(EnglishWords, random),
            };
            text.Append(i == 0 || random.Next(25) == 0 ? char.ToUpperInvariant(word[0]) + word[1..] : word);
            text.Append(i == words - 1 ? random.Next(6) == 0 ? ".\n\n" : ". " : random.Next(12) == 0 ? ", " : " ");
        }
    }

    private static string MadeUp(Random random, int from, int to)
    {
        const string Consonants = "bcdfghjklmnprstvwz", Vowels = "aeiou";
        Span<char> word = stackalloc char[random.Next(from, to)];
        for (int i = 0; i < word.Length; i++)
            word[i] = i % 2 == 0 ? Consonants[random.Next(Consonants.Length)] : Vowels[random.Next(Vowels.Length)];
        return new string(word);
    }

    private static void Statement(StringBuilder text, Random random)
    {
        string indent = new string(' ', 4 * random.Next(1, 5));
        string Name() => random.Next(8) == 0 ? MadeUp(random, 3, 8) : Pick(CodeWords, random)
            + Capital(CodeWords[random.Next(CodeWords.Length)]);
        static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];
        text.Append(indent);
        text.Append(random.Next(9) switch
        {
            0 => $"private readonly {CodeTypes[random.Next(CodeTypes.Length)]} _{Name()} = new();\n",
            1 => $"public static {CodeTypes[random.Next(CodeTypes.Length)]} {Capital(Name())}({CodeTypes[random.Next(CodeTypes.Length)]} {Name()})\n{indent}{{\n",
            2 => $"if ({Name()}.{Capital(Name())} is not null && {Name()} >= {random.Next(1000)})\n{indent}    return {Name()};\n",
            3 => $"var {Name()} = await {Name()}.{Capital(Name())}Async({Name()}, {Name()}).ConfigureAwait(false);\n",
            4 => $"// {EnglishWords[random.Next(EnglishWords.Length)]} {Pick(EnglishWords, random)} {Pick(EnglishWords, random)} {Pick(EnglishWords, random)}.\n",
            5 => $"foreach (var {Name()} in {Name()}.Where(x => x.{Capital(Name())} != null))\n",
            6 => "}\n\n",
            7 => $"throw new InvalidOperationException($\"{Pick(EnglishWords, random)} {{{Name()}}} {Pick(EnglishWords, random)}\");\n",
            _ => $"_{Name()}[{random.Next(64)}] = {Name()}.{Capital(Name())} ?? {Name()}({random.Next(10000)});\n",
        });
    }

    private static void Cjk(StringBuilder text, Random random)
    {
        if (random.Next(12) == 0)
            text.Append((char)random.Next(0x4E00, 0x9000));
        else
            text.Append(CjkWords[random.Next(CjkWords.Length)]);
        if (random.Next(60) == 0)
            text.Append('\n');
    }

    private static void Base64(StringBuilder text, Random random)
    {
        byte[] bytes = new byte[57];
        random.NextBytes(bytes);
        text.Append(Convert.ToBase64String(bytes)).Append('\n');
    }

    private static void Json(StringBuilder text, Random random) => text.Append(
        $$"""{"id": "{{random.NextInt64():x16}}", "{{Pick(CodeWords, random)}}_{{Pick(CodeWords, random)}}": {{random.Next(100000) / 7.0:F3}}, "active": {{(random.Next(2) == 0 ? "true" : "false")}}, "tags": ["{{Pick(EnglishWords, random)}}", "{{MadeUp(random, 4, 9)}}"], "message": "{{Pick(EnglishWords, random)}} {{Pick(EnglishWords, random)}} {{Pick(EnglishWords, random)}}", "at": "2025-0{{random.Next(1, 9)}}-1{{random.Next(9)}}T0{{random.Next(9)}}:3{{random.Next(9)}}:00Z"},""").Append('\n');
}
