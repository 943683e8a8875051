namespace StudyTracker.LoadTests.Sampling;

/// <summary>Values by the second. Safe for concurrent use.</summary>
internal sealed class Series
{
    private readonly Lock _lock = new();
    private readonly List<double> _seconds = [];
    private readonly SortedDictionary<string, List<double?>> _values = new(StringComparer.Ordinal);

    /// <summary>When each was taken, in seconds from the beginning.</summary>
    public IReadOnlyList<double> Seconds
    {
        get
        {
            lock (_lock) return [.. _seconds];
        }
    }

    /// <summary>The values by name; null where there was none.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<double?>> Values
    {
        get
        {
            lock (_lock)
                return _values.ToDictionary(entry => entry.Key, entry => (IReadOnlyList<double?>)[.. entry.Value, .. Enumerable.Repeat<double?>(null, _seconds.Count - entry.Value.Count)]);
        }
    }

    /// <summary>Begins another row.</summary>
    public void Begin(double second)
    {
        lock (_lock) _seconds.Add(Math.Round(second, 2));
    }

    /// <summary>Puts a value into the row; nothing happens without one.</summary>
    public void Set(string name, double? value)
    {
        if (value is not { } known || !double.IsFinite(known)) return;
        lock (_lock)
        {
            if (!_values.TryGetValue(name, out var values)) _values[name] = values = [];
            while (values.Count < _seconds.Count - 1) values.Add(null);
            if (values.Count < _seconds.Count) values.Add(Math.Round(known, 3));
        }
    }

    /// <summary>The last value of a name; null when it has none.</summary>
    public double? Last(string name) => Of(name, values => values[^1]);

    /// <summary>The largest value of a name; null when it has none.</summary>
    public double? Max(string name) => Of(name, values => values.Max());

    /// <summary>The mean of a name; null when it has none.</summary>
    public double? Mean(string name) => Of(name, values => values.Average());

    private double? Of(string name, Func<List<double?>, double?> figure)
    {
        lock (_lock) return _values.TryGetValue(name, out var values) && values.Count > 0 ? figure(values) : null;
    }
}
