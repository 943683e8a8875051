using System.Globalization;

namespace StudyTracker.LoadTests.Sampling;

/// <summary>A value of a metric with its labels, as text.</summary>
internal readonly record struct MetricValue(string Labels, double Value);

/// <summary>Reads what <c>/metrics</c> answers.</summary>
internal sealed class PrometheusText
{
    private readonly Dictionary<string, List<MetricValue>> _metrics = new(StringComparer.Ordinal);

    /// <summary>Reads it; lines of no concern and lines that are not understood are skipped.</summary>
    public static PrometheusText Parse(string text, IReadOnlySet<string> wanted)
    {
        var parsed = new PrometheusText();
        foreach (var range in text.AsSpan().Split('\n'))
        {
            var line = text.AsSpan()[range];
            if (line.Length == 0 || line[0] == '#') continue;
            var nameEnd = line.IndexOfAny('{', ' ');
            if (nameEnd <= 0) continue;
            var name = line[..nameEnd].ToString();
            if (!wanted.Contains(name)) continue;
            var labelsEnd = line[nameEnd] == '{' ? line.LastIndexOf('}') : nameEnd - 1;
            if (labelsEnd < 0) continue;
            var rest = line[(labelsEnd + 1)..].TrimStart();
            var valueEnd = rest.IndexOf(' ');
            if (!double.TryParse(valueEnd < 0 ? rest : rest[..valueEnd], NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) continue;
            if (!parsed._metrics.TryGetValue(name, out var values)) parsed._metrics[name] = values = [];
            values.Add(new(line[nameEnd] == '{' ? line[(nameEnd + 1)..labelsEnd].ToString() : "", value));
        }

        return parsed;
    }

    /// <summary>The sum over all labels that contain a text; null when there is none.</summary>
    public double? Sum(string name, string label = "")
    {
        if (!_metrics.TryGetValue(name, out var values)) return null;
        var found = values.Where(value => value.Labels.Contains(label, StringComparison.Ordinal)).ToList();
        return found.Count == 0 ? null : found.Sum(value => value.Value);
    }
}
