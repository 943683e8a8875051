namespace StudyTracker.LoadTests.Connections;

/// <summary>Opens connections, so many at once: more would only overflow the server's queue of those that wait to be accepted.</summary>
internal sealed class LinkOpener(Server server, SourceAddress source, TimeSpan timeout, int atOnce) : IDisposable
{
    private readonly SemaphoreSlim _turns = new(atOnce);
    private readonly Deadlines _deadlines = new(timeout);

    /// <summary>The server.</summary>
    public Server Server => server;

    /// <summary>Connections that are open now.</summary>
    public int Open => _deadlines.Count;

    /// <summary>The most that were open at once.</summary>
    public int Peak => _deadlines.Peak;

    /// <summary>Opens one.</summary>
    public async ValueTask<Link> OpenAsync()
    {
        await _turns.WaitAsync();
        try
        {
            return await Link.ConnectAsync(server, source, _deadlines);
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <summary>Ends everything that is under way.</summary>
    public void AbortAll() => _deadlines.AbortAll();

    public void Dispose()
    {
        _deadlines.AbortAll();
        _deadlines.Dispose();
        _turns.Dispose();
    }
}
