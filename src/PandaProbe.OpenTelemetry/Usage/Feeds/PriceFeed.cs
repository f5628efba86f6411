using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace PandaProbe.Usage;

/// <summary>
/// Brings the prices that a user gives in options, in a file or in configuration into a price book, and keeps them up to date until
/// disposed.
/// </summary>
internal sealed class PriceFeed : IDisposable
{
    private readonly PriceBook _book;
    private readonly Action<string> _report;
    private readonly PriceFileWatcher? _file;
    private readonly IDisposable? _configuration;

    private PriceFeed(PriceBook book, PandaProbePricingOptions options, IConfiguration? section, TimeProvider time, Action<string> report)
    {
        _book = book;
        _report = message => Tell(report, message);

        foreach (var price in options.Models)
        {
            if (price.FindFault() is { } fault)
                _report($"A price given in the options was not used: {fault}");
            else
                book.Add(price);
        }

        if (!string.IsNullOrWhiteSpace(options.File))
        {
            _file = new PriceFileWatcher(options.File, options.FileCheckInterval, time, book.ReplaceFilePrices, _report);
            _file.Start();
        }

        if (section is not null)
        {
            Read(section);
            _configuration = ChangeToken.OnChange(section.GetReloadToken, Read, section);
        }
    }

    /// <param name="book">Where the prices go.</param>
    /// <param name="options">Prices in code, and the price file.</param>
    /// <param name="section">The section with prices, <c>PandaProbe:Prices</c>, if there is configuration.</param>
    /// <param name="time">Drives the watch over the file.</param>
    /// <param name="report">Told, in one sentence, why prices could not be used. May be called from any thread.</param>
    internal static PriceFeed Start(
        PriceBook book, PandaProbePricingOptions options, IConfiguration? section, TimeProvider time, Action<string> report) =>
        new(book, options, section, time, report);

    public void Dispose()
    {
        _file?.Dispose();
        _configuration?.Dispose();
    }

    private void Read(IConfiguration section)
    {
        try
        {
            _book.ReplaceConfiguredPrices(PriceSection.Parse(section));
        }
        catch (FormatException fault)
        {
            _report($"The prices in configuration were not used, prices stay as they were: {fault.Message}");
        }
    }

    // It is called from timers and change tokens, where an exception would end the process.
    private static void Tell(Action<string> report, string message)
    {
        try
        {
            report(message);
        }
        catch (Exception)
        {
            // Nothing is left to tell it to.
        }
    }
}
