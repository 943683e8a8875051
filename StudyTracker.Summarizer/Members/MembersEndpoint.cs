using StackExchange.Redis;
using StudyTracker.Contracts;
using StudyTracker.Hosting;
using StudyTracker.Kafka;

namespace StudyTracker.Summarizer.Members;

/// <summary><c>GET /members/{team}/{user}/export</c> and <c>DELETE /members/{team}/{user}</c>, for operators.</summary>
internal sealed class MembersEndpoint(MemberExport export, MemberErasure erasure)
{
    public static void Map(WebApplication app)
    {
        app.MapGet("/members/{team}/{user}/export", (MembersEndpoint members, string team, string user, CancellationToken token) =>
            members.ExportAsync(new MemberKey(team, user), token)).RequireOperatorKey();
        app.MapDelete("/members/{team}/{user}", (MembersEndpoint members, string team, string user, CancellationToken token) =>
            members.EraseAsync(new MemberKey(team, user), token)).RequireOperatorKey();
    }

    private async Task<IResult> ExportAsync(MemberKey member, CancellationToken cancellationToken) =>
        await export.ExistsAsync(member, cancellationToken)
            ? Results.Stream(stream => export.WriteAsync(member, stream, cancellationToken), "application/json")
            : Results.Problem("Nothing is stored about this member.", statusCode: StatusCodes.Status404NotFound);

    private async Task<IResult> EraseAsync(MemberKey member, CancellationToken cancellationToken)
    {
        try
        {
            return Results.Ok(await erasure.EraseAsync(member, cancellationToken));
        }
        catch (Exception error) when (error is RedisException or TimeoutException or PublishException)
        {
            var away = error is PublishException ? "Kafka" : "Redis";
            return Results.Problem($"{away} does not answer, so the member's rows are kept. Try again.", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
