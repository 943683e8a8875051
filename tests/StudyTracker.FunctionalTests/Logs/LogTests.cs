using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Logs;

[Collection(nameof(AfterAllOthers))]
public sealed class LogTests(App app)
{
    [Fact]
    public async Task No_text_token_or_secret_is_in_any_log()
    {
        var learner = Learner.New();
        await app.Slack.AcceptedAsync(learner.Written($"{App.Marker} I learned about logging today."));
        await app.Groups.CaughtUpAsync();
        await app.Operator.FinishedAsync(await app.Operator.TriggerAsync());
        await Eventually.HoldsAsync(async () => (await app.Sandbox.PostsAsync(learner)).ShouldHaveSingleItem());
        var secrets = new Dictionary<string, string>
        {
            ["a learner's text"] = App.Marker,
            ["the signing secret"] = app.Host.SigningSecret,
            ["the operators' key"] = app.Host.OperatorKey,
            ["a bot token"] = "xoxb-",
            ["the database's password"] = app.Host.Folder.Secret("postgres-password"),
            ["the cache's password"] = app.Host.Folder.Secret("redis-password"),
        };

        var logs = Directory.GetFiles(app.Host.Folder.Logs);

        logs.Length.ShouldBeGreaterThanOrEqualTo(4);
        foreach (var log in logs)
        {
            // The services still write to them.
            await using var stream = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream);
            var lineNumber = 0;
            while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                lineNumber++;
                foreach (var (what, secret) in secrets)
                    line.Contains(secret, StringComparison.OrdinalIgnoreCase).ShouldBeFalse($"{Path.GetFileName(log)}:{lineNumber} has {what}: {line}");
            }
        }
    }
}
