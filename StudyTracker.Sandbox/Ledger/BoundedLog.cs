namespace StudyTracker.Sandbox.Ledger;

/// <summary>The latest entries of an endless list, each with the number it had in it. Not safe for concurrent use.</summary>
/// <param name="capacity">How many are kept at least; up to an eighth more, so that dropping the oldest stays cheap.</param>
internal sealed class BoundedLog<T>(int capacity)
{
    private readonly List<T> _items = [];
    private long _first;

    /// <summary>How many entries there have ever been.</summary>
    public long Total => _first + _items.Count;

    /// <summary>Adds an entry; <paramref name="dropped"/> hears of each that is forgotten for it.</summary>
    public void Add(T item, Action<T>? dropped = null)
    {
        _items.Add(item);
        var excess = Math.Max(1, capacity / 8);
        if (_items.Count < capacity + excess) return;
        if (dropped is not null) _items.GetRange(0, excess).ForEach(dropped);
        _items.RemoveRange(0, excess);
        _first += excess;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _items.Clear();
        _first = 0;
    }

    /// <summary>Up to <paramref name="limit"/> entries from number <paramref name="after"/> on, and where to go on.</summary>
    /// <param name="after">Number of the first entry.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="wanted">Which entries; null means all.</param>
    public LogPage<T> Page(long after, int limit, Func<T, bool>? wanted = null)
    {
        var page = new List<T>();
        var index = (int)Math.Clamp(after - _first, 0, _items.Count);
        for (; index < _items.Count && page.Count < limit; index++)
        {
            if (wanted is null || wanted(_items[index])) page.Add(_items[index]);
        }

        return new LogPage<T>(page, index < _items.Count ? _first + index : null, wanted is null ? Total : _items.Count(wanted));
    }
}

/// <summary>A part of a list.</summary>
/// <param name="Items">The entries, oldest first.</param>
/// <param name="Next">The <c>after</c> of the next part; null when this is the last.</param>
/// <param name="Total">How many entries there have ever been; of a selection, how many are kept.</param>
internal sealed record LogPage<T>(IReadOnlyList<T> Items, long? Next, long Total);
