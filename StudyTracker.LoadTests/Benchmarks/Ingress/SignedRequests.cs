using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace StudyTracker.LoadTests.Benchmarks.Ingress;

/// <summary>Slack's requests, signed for now, as a script that wrk sends from.</summary>
internal static class SignedRequests
{
    private const int Users = 2_000;

    // Slack's envelope of a short message has about so many bytes.
    private const int ShortestBody = 640;
    private const int LongestBody = 720;
    private const string Placeholder = "@text";

    /// <summary>Writes the script. Its signatures are valid for five minutes.</summary>
    public static async Task WriteAsync(string path, string secret, DateTimeOffset now, CancellationToken cancel)
    {
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var key = Encoding.UTF8.GetBytes(secret);
        var script = new StringBuilder("local requests = {\n");
        for (var user = 0; user < Users; user++)
        {
            var body = Body(user, timestamp);
            var signature = Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"v0:{timestamp}:{body}")));
            // Lua's long brackets take everything literally; the line feed right after the first is dropped.
            script.Append(CultureInfo.InvariantCulture, $"{{'{signature}', [==[\n{body}]==]}},\n");
        }

        script.Append(CultureInfo.InvariantCulture, $$"""
            }
            local made = {}
            function init(args)
              for number, request in ipairs(requests) do
                local headers = {}
                headers['Content-Type'] = 'application/json'
                headers['X-Slack-Request-Timestamp'] = '{{timestamp}}'
                headers['X-Slack-Signature'] = 'v0=' .. request[1]
                made[number] = wrk.format('POST', '/slack/events', headers, request[2])
              end
            end
            local turn = math.random({{Users}})
            function request()
              turn = turn % {{Users}} + 1
              return made[turn]
            end
            function done(summary, latency, requests)
              local over = 0
              for bucket = 1, #latency do
                local value, count = latency(bucket)
                if value > 3000000 then over = over + count end
              end
              local e = summary.errors
              io.write(string.format('result %d %d %d %d %d %d %d %d %d %d %d\n',
                summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.max, over,
                e.connect, e.read, e.write, e.status, e.timeout))
            end

            """);
        await File.WriteAllTextAsync(path, script.ToString(), cancel);
    }

    /// <summary>The envelope of one learner's message.</summary>
    private static string Body(int user, string timestamp)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"Chapter {user}: hash joins, merge joins, and why the planner chose a nested loop. ");
        var body = string.Create(CultureInfo.InvariantCulture, $$$"""
            {"token":"bench","team_id":"T0BENCH","context_team_id":"T0BENCH","context_enterprise_id":null,"api_app_id":"A0BENCH","event":{"type":"message","user":"U{{{user:00000000}}}","text":"@text","team":"T0BENCH","ts":"{{{timestamp}}}.{{{user:000000}}}","channel":"C0BENCH","event_ts":"{{{timestamp}}}.{{{user:000000}}}","channel_type":"channel"},"type":"event_callback","event_id":"Ev{{{user:00000000}}}","event_time":{{{timestamp}}},"authorizations":[{"enterprise_id":null,"team_id":"T0BENCH","user_id":"U0BOT","is_bot":true,"is_enterprise_install":false}],"is_ext_shared_channel":false,"event_context":"4-bench"}
            """);
        var length = ShortestBody + user % (LongestBody - ShortestBody + 1) - (body.Length - Placeholder.Length);
        var repeated = string.Concat(Enumerable.Repeat(text, length / text.Length + 1))[..length];
        return body.Replace(Placeholder, repeated, StringComparison.Ordinal);
    }
}
