using System.Text.Json;
using System.Text.Json.Serialization;
using Markdig;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace PandaProbe.Local.Serving;

/// <summary>
/// Turns Markdown into HTML, with HTML in it switched off. Texts of models are hostile: the pages let only known elements through besides.
/// </summary>
internal static class MarkdownApi
{
    private const int MostTexts = 1000;

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().DisableHtml().UsePipeTables().UseAutoLinks().Build();

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/markdown", AnswerAsync);

    private static async Task AnswerAsync(HttpContext context)
    {
        string[]? texts;
        try
        {
            texts = await JsonSerializer.DeserializeAsync(context.Request.Body, MarkdownJson.Default.StringArray, context.RequestAborted);
        }
        catch (JsonException)
        {
            texts = null;
        }

        if (texts is not { Length: <= MostTexts })
        {
            await Answers.FailAsync(context, StatusCodes.Status400BadRequest, $"The body is a JSON array of at most {MostTexts} texts.");
            return;
        }

        await Answers.WriteAsync(context, Array.ConvertAll(texts, ToHtml), MarkdownJson.Default.StringArray);
    }

    private static string ToHtml(string text)
    {
        try
        {
            return Markdown.ToHtml(text, Pipeline);
        }
        catch (ArgumentException)
        {
            // Markdig refuses texts that nest too deeply. They are shown as they are.
            return $"<pre>{System.Net.WebUtility.HtmlEncode(text)}</pre>";
        }
    }
}

[JsonSerializable(typeof(string[]))]
internal sealed partial class MarkdownJson : JsonSerializerContext;
