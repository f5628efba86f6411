using System.Diagnostics;

namespace PandaProbe.Runtime;

/// <summary>What is left of an exporter that was disposed.</summary>
internal interface IDepartedExporter
{
    /// <summary>Says that a span started that its provider may have recorded.</summary>
    void Started(Activity span);

    /// <summary>Counts a span whose end no exporter heard, when its provider recorded it.</summary>
    void CountUnheard(Activity span);
}
