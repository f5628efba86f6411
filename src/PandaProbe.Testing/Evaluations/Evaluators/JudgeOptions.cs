using Microsoft.Extensions.AI;
using PandaProbe.Pricing;

namespace PandaProbe.Testing;

/// <summary>Options of a judge.</summary>
public sealed class JudgeOptions
{
    /// <summary>
    /// Gets or sets the best grade; 5 by default. The worst is 1. Models grade more evenly on a short scale of whole numbers than with
    /// fractions. The grade 1 becomes the score 0, and the best one 1.
    /// </summary>
    public int BestGrade { get; set; } = 5;

    /// <summary>
    /// Gets or sets the options of the chat, for example the model and its temperature; <see langword="null"/>, the default, only asks for
    /// an answer in JSON.
    /// </summary>
    public ChatOptions? Chat { get; set; }

    /// <summary>
    /// Gets or sets the prices for a judge whose client is not wrapped with <c>WithPandaProbe()</c>. The default is
    /// <see cref="PriceBook.Default"/>.
    /// </summary>
    public PriceBook Prices { get; set; } = PriceBook.Default;
}
