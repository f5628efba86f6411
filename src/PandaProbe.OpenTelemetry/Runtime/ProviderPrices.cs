using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;
using PandaProbe.Pricing;

namespace PandaProbe.Runtime;

/// <summary>
/// The prices of one provider: the price book of its options, below the prices that the options give in code, above those of the price
/// file, above those of configuration. File and configuration are followed until disposed.
/// </summary>
internal sealed class ProviderPrices : IDisposable
{
    private readonly object _changing = new();
    private readonly PriceBook _own;
    private readonly Action<string> _report;
    private readonly PriceFileWatcher? _file;
    private readonly IDisposable? _configuration;
    private List<ModelPrice> _fromFile = [];
    private List<ModelPrice> _fromConfiguration = [];
    private volatile PriceBook _book;

    /// <param name="book">What the prices are added to. It stays as it is.</param>
    /// <param name="options">Prices in code, and the price file.</param>
    /// <param name="section">The section with prices, <c>PandaProbe:Pricing:Models</c>, if there is configuration.</param>
    /// <param name="time">Drives the watch over the file.</param>
    /// <param name="report">Told, in one sentence, why prices could not be used. May be called from any thread.</param>
    public ProviderPrices(
        PriceBook book, PandaProbePricingOptions options, IConfiguration? section, TimeProvider time, Action<string> report)
    {
        _report = message => Tell(report, message);
        _own = _book = book.With([.. options.Models.Where(IsUsable)]);
        if (!string.IsNullOrWhiteSpace(options.File))
        {
            _file = new PriceFileWatcher(options.File, options.FileCheckInterval, time, prices => Replace(ref _fromFile, prices), _report);
            _file.Start();
        }

        if (section is not null)
        {
            Read(section);
            _configuration = ChangeToken.OnChange(section.GetReloadToken, Read, section);
        }
    }

    /// <summary>The prices as they are now.</summary>
    public PriceBook Book => _book;

    public void Dispose()
    {
        _file?.Dispose();
        _configuration?.Dispose();
    }

    private bool IsUsable(ModelPrice price)
    {
        if (price.FindFault() is not { } fault)
            return true;

        _report($"A price given in the options was not used: {fault}");
        return false;
    }

    private void Read(IConfiguration section)
    {
        try
        {
            Replace(ref _fromConfiguration, PriceSection.Parse(section));
        }
        catch (FormatException fault)
        {
            _report($"The prices in configuration were not used, prices stay as they were: {fault.Message}");
        }
    }

    private void Replace(ref List<ModelPrice> layer, List<ModelPrice> prices)
    {
        lock (_changing)
        {
            layer = prices;
            _book = _own.WithFallback(_fromFile).WithFallback(_fromConfiguration);
        }
    }

    // Timers and change tokens call it: an exception would end the process.
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
