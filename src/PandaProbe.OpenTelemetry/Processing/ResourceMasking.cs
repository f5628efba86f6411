using System.Reflection;
using OpenTelemetry;
using OpenTelemetry.Resources;
using PandaProbe.Diagnostics;

namespace PandaProbe.Processing;

/// <summary>
/// Masks the resource of a provider, for all exporters at once, before the first span leaves. The SDK has no way to replace a resource, so
/// this sets the provider's field.
/// </summary>
internal static class ResourceMasking
{
    private static readonly FieldInfo? Field = Type.GetType("OpenTelemetry.Trace.TracerProviderSdk, OpenTelemetry")
        ?.GetField("<Resource>k__BackingField", BindingFlags.Instance | BindingFlags.NonPublic);

    public static bool TryApply(BaseProvider provider, FieldScanners scanner)
    {
        TextMasking masking = new(scanner, kind: null);
        Resource resource = provider.GetResource();
        Dictionary<string, object> safe = [];
        bool isChanged = false;
        foreach ((string name, object value) in resource.Attributes)
        {
            object? masked = masking.Value(name, value);
            isChanged |= !ReferenceEquals(masked, value);
            safe[name] = masked!;
        }

        if (!isChanged)
            return true;
        if (Field?.DeclaringType!.IsInstanceOfType(provider) != true)
        {
            PandaProbeEventSource.Log.ConfigurationProblem(
                "The resource has a secret, and this version of OpenTelemetry does not let it be masked. No span is exported.");
            return false;
        }

        Field.SetValue(provider, new Resource(safe));
        return true;
    }
}
