using System.Diagnostics;
using System.Globalization;
using System.Text;
using OpenTelemetry;

namespace PandaProbe.Processing;

/// <summary>An exporter of the application: writes every text of a span down when it gets the span.</summary>
internal sealed class TextExporter : BaseExporter<Activity>
{
    private readonly StringBuilder _text = new();

    public string Text
    {
        get
        {
            lock (_text)
                return _text.ToString();
        }
    }

    public override ExportResult Export(in Batch<Activity> batch)
    {
        lock (_text)
        {
            foreach (Activity span in batch)
            {
                _text.AppendLine(span.DisplayName).AppendLine(span.StatusDescription);
                Write(span.TagObjects);
                foreach (ActivityEvent recorded in span.Events)
                {
                    _text.AppendLine(recorded.Name);
                    Write(recorded.Tags);
                }

                foreach (ActivityLink link in span.Links)
                    Write(link.Tags ?? []);
            }

            foreach ((string key, object value) in ParentProvider.GetResource().Attributes)
                _text.AppendLine($"{key}={value}");
        }

        return ExportResult.Success;
    }

    private void Write(IEnumerable<KeyValuePair<string, object?>> attributes)
    {
        foreach ((string key, object? value) in attributes)
        {
            object?[] items = value is Array array ? [.. array] : [value];
            foreach (object? item in items)
                _text.AppendLine($"{key}={Convert.ToString(item, CultureInfo.InvariantCulture)}");
        }
    }
}
