using System.Collections.Concurrent;

namespace StudyTracker.LoadTests.Connections;

/// <summary>How requests come by their connections.</summary>
internal abstract class LinkSource : IDisposable
{
    /// <summary>Waits until whoever sends the request is free to send it.</summary>
    /// <param name="request">Number of the request within its stage.</param>
    public virtual Task WaitTurnAsync(int request) => Task.CompletedTask;

    /// <summary>The connection for a request, for it alone until <see cref="Return"/>; opened if need be.</summary>
    /// <param name="request">Number of the request within its stage.</param>
    public abstract ValueTask<Link> TakeAsync(int request);

    /// <summary>The request is over.</summary>
    /// <param name="request">Number of the request within its stage.</param>
    /// <param name="link">Its connection; null when none could be opened.</param>
    public abstract void Return(int request, Link? link);

    /// <summary>Closes what is idle.</summary>
    public abstract void Dispose();
}

/// <summary>As in an open system: whichever connection is idle, else a new one.</summary>
internal sealed class PooledLinks(LinkOpener opener) : LinkSource
{
    private readonly ConcurrentStack<Link> _idle = new();

    public override ValueTask<Link> TakeAsync(int request)
    {
        while (_idle.TryPop(out var link))
        {
            if (link.IsStillOpen()) return ValueTask.FromResult(link);
            link.Dispose();
        }

        return opener.OpenAsync();
    }

    public override void Return(int request, Link? link)
    {
        if (link is { IsUsable: true }) _idle.Push(link);
        else link?.Dispose();
    }

    public override void Dispose()
    {
        while (_idle.TryPop(out var link)) link.Dispose();
    }
}

/// <summary>Each user has a connection of his own, which stays open until the stage ends, as with JMeter's keep-alive.</summary>
internal sealed class LinkPerUser(LinkOpener opener, int users) : LinkSource
{
    private readonly User[] _users = [.. Enumerable.Range(0, users).Select(_ => new User())];

    public override Task WaitTurnAsync(int request) => _users[request % users].Turn.WaitAsync();

    public override async ValueTask<Link> TakeAsync(int request)
    {
        var user = _users[request % users];
        if (user.Link is { } link)
        {
            if (link.IsStillOpen()) return link;
            link.Dispose();
            user.Link = null;
        }

        return user.Link = await opener.OpenAsync();
    }

    public override void Return(int request, Link? link)
    {
        var user = _users[request % users];
        if (user.Link is { IsUsable: false })
        {
            user.Link.Dispose();
            user.Link = null;
        }

        user.Turn.Release();
    }

    public override void Dispose()
    {
        foreach (var user in _users)
        {
            user.Link?.Dispose();
            user.Turn.Dispose();
        }
    }

    private sealed class User
    {
        public SemaphoreSlim Turn { get; } = new(1);

        public Link? Link { get; set; }
    }
}

/// <summary>Each request has a connection of its own, and this side closes it first: so its port is in TIME_WAIT for a minute.</summary>
internal sealed class LinkPerRequest(LinkOpener opener) : LinkSource
{
    public override ValueTask<Link> TakeAsync(int request) => opener.OpenAsync();

    public override void Return(int request, Link? link) => link?.Dispose();

    public override void Dispose()
    {
    }
}
