using System.Text.RegularExpressions;

namespace PandaProbe.Readme;

public sealed partial class LineLengthTests
{
    private const int MaxLength = 140;

    private static readonly string[] Folders = ["build", "examples", "src", "test"];

    [Fact]
    public void Lines_of_code_and_comments_have_140_columns_at_most()
    {
        List<string> tooLong = [];
        foreach (string file in Folders
            .SelectMany(folder => Directory.GetFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)))
        {
            if (file.Split(Path.DirectorySeparatorChar).Contains("obj"))
                continue;

            bool inRawText = false;
            int number = 0;
            foreach (string line in File.ReadLines(file))
            {
                number++;
                bool borders = line.Split("\"\"\"").Length % 2 == 0;
                // A text may run over: cut in two it is harder to read and to search for.
                if (!inRawText && !borders && line.Length > MaxLength && LongText().Replace(line, "\"\"").Length > MaxLength)
                    tooLong.Add($"{Path.GetRelativePath(Repository.Root, file)}({number}): {line.Length} columns");
                inRawText ^= borders;
            }
        }

        tooLong.ShouldBeEmpty();
    }

    [GeneratedRegex("\"\"\".*\"\"\"|\"(?:[^\"\\\\]|\\\\.){40,}\"")]
    private static partial Regex LongText();
}
