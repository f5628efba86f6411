namespace PandaProbe.Readme;

public sealed class MarkdownTests
{
    public static TheoryData<string> Files => [.. MarkdownFiles.All];

    [Fact]
    public void The_readme_has_at_most_10_KB() =>
        new FileInfo(Path.Combine(Repository.Root, "README.md")).Length.ShouldBeLessThanOrEqualTo(10_240);

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_relative_link_leads_somewhere(string file) =>
        MarkdownLink.In(file, MarkdownFiles.Read(file)).Select(link => link.FindFault(Repository.Root)).OfType<string>().ShouldBeEmpty();

    [Fact]
    public void Every_guide_can_be_reached_from_the_readme()
    {
        HashSet<string> reached = [];
        Queue<string> waiting = new(["README.md"]);
        while (waiting.TryDequeue(out string? file))
        {
            if (!reached.Add(file))
                continue;

            foreach (MarkdownLink link in MarkdownLink.In(file, MarkdownFiles.Read(file))
                .Where(link => link.Target.Split('#')[0].EndsWith(".md", StringComparison.Ordinal)))
            {
                string target = Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(file)!, link.Target.Split('#')[0]));
                waiting.Enqueue(Path.GetRelativePath(Repository.Root, target).Replace(Path.DirectorySeparatorChar, '/'));
            }
        }

        MarkdownFiles.All.Where(file => Path.GetFileName(file) == "README.md" && !file.StartsWith("build/", StringComparison.Ordinal))
            .Except(reached).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("[a](missing.md)", "missing.md")]
    [InlineData("text\n\n[`b`](src/README.md#no-such-heading)", "no-such-heading")]
    [InlineData("[c](#nowhere)", "nowhere")]
    [InlineData("| [d](src) | [e](src/missing) |", "src/missing")]
    public void A_link_that_leads_nowhere_is_found(string markdown, string complaint) =>
        MarkdownLink.In("README.md", markdown).Select(link => link.FindFault(Repository.Root)).OfType<string>().ShouldHaveSingleItem()
            .ShouldContain(complaint);

    [Fact]
    public void Links_are_found_outside_of_code_with_their_lines() =>
        MarkdownLink.In("file", "# A\n\n```sh\n[x](y)\n```\n\n[a [b]](c.md), [web](https://example.org) and [d](#a)\n")
            .ShouldBe([new("file", 7, "c.md"), new("file", 7, "#a")]);
}
