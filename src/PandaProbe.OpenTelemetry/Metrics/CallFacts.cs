using System.Diagnostics;
using PandaProbe.Content;
using PandaProbe.Conventions;
using PandaProbe.Pricing;
using PandaProbe.Values;

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
                    facts.Operation = SpanKinds.Standard(tag.Value as string);
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
                    facts.ServerPort = TagNumber.CountOf(tag.Value);
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
                        facts.Usage[names.Kind] = TagNumber.CountOf(tag.Value);
                    break;
            }
        }

        facts.Usage.RefuseImpossible();
        if (facts.ErrorType is null && activity.Status == ActivityStatusCode.Error)
            facts.ErrorType = ErrorTags.Other;
        return facts;
    }
}
