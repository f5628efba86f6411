using System.Diagnostics;
using System.Globalization;
using PandaProbe.Content;
using PandaProbe.Conventions;
using PandaProbe.Pricing;

namespace PandaProbe.Metrics;

/// <summary>The facts of one model call that metrics and prices need.</summary>
internal struct CallFacts
{
    public string? Operation;
    public string? Provider;
    public string? RequestModel;
    public string? ResponseModel;
    public string? ServerAddress;
    public long? ServerPort;
    public string? ErrorType;
    public TokenCounts Usage;
    public string? CountMethod;
    public double? TimeToFirstChunk;
    public double? Cost;
    public double Duration;

    /// <summary>Gets the provider that the caller named, otherwise that of the model.</summary>
    public readonly string? KnownProvider => Provider ?? ModelProviders.Of(RequestModel) ?? ModelProviders.Of(ResponseModel);

    /// <summary>Reads the facts of an ended span in one pass. Looking up each tag would search the list once per name.</summary>
    public static CallFacts Of(Activity activity)
    {
        CallFacts facts = new() { Duration = activity.Duration.TotalSeconds };
        foreach (ref readonly KeyValuePair<string, object?> tag in activity.EnumerateTagObjects())
        {
            switch (tag.Key)
            {
                case GenAI.OperationName:
                    facts.Operation = tag.Value as string;
                    break;
                case GenAI.ProviderName:
                    facts.Provider = tag.Value as string;
                    break;
                case GenAI.Request.Model:
                    facts.RequestModel = tag.Value as string;
                    break;
                case GenAI.Response.Model:
                    facts.ResponseModel = tag.Value as string;
                    break;
                case General.Server.Address:
                    facts.ServerAddress = tag.Value as string;
                    break;
                case General.Server.Port:
                    facts.ServerPort = Integer(tag.Value);
                    break;
                case General.ErrorType:
                    facts.ErrorType = tag.Value as string;
                    break;
                case Pandaprobe.TokenCountMethod:
                    facts.CountMethod = tag.Value as string;
                    break;
                case GenAI.Response.TimeToFirstChunk:
                    facts.TimeToFirstChunk = tag.Value as double?;
                    break;
                case Pandaprobe.Cost.Total:
                    facts.Cost = tag.Value as double?;
                    break;
                default:
                    if (UsageNames.OfTag(tag.Key) is { } names)
                        facts.Usage[names.Kind] = Integer(tag.Value);
                    break;
            }
        }

        facts.Usage.RefuseImpossible();
        if (facts.ErrorType is null && activity.Status == ActivityStatusCode.Error)
            facts.ErrorType = ErrorTags.Other;
        return facts;
    }

    /// <summary>Converts the value of a tag of any library to a whole number; <see langword="null"/> when it is not one.</summary>
    public static long? Integer(object? value) => value switch
    {
        long number => number,
        int number => number,
        short number => number,
        double number when number == Math.Floor(number) && Math.Abs(number) < 1L << 53 => (long)number,
        string text when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) => number,
        _ => null,
    };
}
