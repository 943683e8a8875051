namespace StudyTracker.Notifier.Delivery;

/// <summary>The ledger's statements. $1 is the summary, $2 the owner of the lease wherever there is one.</summary>
internal static class DeliverySql
{
    // Of a delivery d, its reader r and its workspace's revocation v; the pause is the parameter that says for how long a refused
    // reader is left alone. Whatever may have been posted is looked for first, also when its reader was refused since.
    private static string NextStep(string pause) => $"""
        CASE
            WHEN d.state IN ('Parked', 'Dropped') OR (d.state = 'Sent' AND d.sent_revision >= d.revision) THEN 'Ended'
            WHEN d.lease_until > now() THEN 'Busy'
            WHEN v.team_id IS NOT NULL THEN 'Revoked'
            WHEN d.state = 'Sent' THEN 'Update'
            WHEN d.unsure AND coalesce(d.channel, r.channel) IS NULL THEN 'Open'
            WHEN d.unsure THEN 'Look'
            WHEN r.refused_at > now() - {pause} THEN 'Refused'
            WHEN d.rerouted AND d.channel IS NULL THEN 'Open'
            ELSE 'Post'
        END
        """;

    // The token is the parameter with the fingerprint of the configuration's: another one than was revoked may be used.
    private static string Source(string token) => $"""
        delivery.deliveries d
            LEFT JOIN delivery.readers r ON r.team_id = d.team_id AND r.user_id = d.user_id
            LEFT JOIN delivery.revocations v ON v.team_id = d.team_id AND ({token}::text IS NULL OR v.configured = {token})
        """;

    /// <summary>
    /// Notes a delivery, or a newer revision of it. An older one that comes later changes nothing. One that the ledger may have
    /// forgotten is parked: an operator may replay it, and it is looked for in Slack first. $10 no later than its run was asked for
    /// at first, $11 the reason.
    /// </summary>
    public const string Add = """
        INSERT INTO delivery.deliveries
            (summary_id, run_id, team_id, user_id, kind, feedback, state, attempts, requested_at, due_at, revision, plain, rerouted,
             unsure, unsure_since, error, ended_at)
        SELECT $1, $2, $3, $4, $5, $6, CASE WHEN old THEN 'Parked' ELSE 'Pending' END, 0, $7, $8, $9, false, false,
            old, CASE WHEN old THEN $10 END, CASE WHEN old THEN $11 END, CASE WHEN old THEN now() END
        FROM (SELECT coalesce($10 < (SELECT forgotten_before FROM delivery.retention), false) AS old) AS age
        ON CONFLICT (summary_id) DO UPDATE SET feedback = excluded.feedback, revision = excluded.revision
            WHERE excluded.revision > deliveries.revision
        """;

    public static readonly string Peek = $"""
        SELECT {NextStep("$2")}, extract(epoch FROM d.lease_until - now())::float8 FROM {Source("$3")} WHERE d.summary_id = $1
        """;

    // The row is locked before it is judged, so two takers see each other's work. From the moment that a post is taken it
    // may have been posted; whoever knows better says so. $3 lease, $4 step, $5 known revision, $6 see NextStep,
    // $7 see Source.
    public static readonly string Take = $"""
        WITH before AS (
            SELECT d.summary_id, {NextStep("$6")} AS step, extract(epoch FROM d.lease_until - now())::float8 AS busy,
                coalesce(d.channel, r.channel) AS channel, r.refused, v.reason AS revoked, d.unsure
            FROM {Source("$7")} WHERE d.summary_id = $1 FOR UPDATE OF d),
        taken AS (
            UPDATE delivery.deliveries d
            SET state = CASE WHEN d.state = 'Sent' THEN 'Sent' ELSE 'Sending' END,
                lease_owner = $2,
                lease_until = now() + $3,
                attempts = d.attempts + 1,
                unsure = d.unsure OR before.step = 'Post',
                unsure_since = CASE WHEN before.step = 'Post' THEN now() ELSE d.unsure_since END
            FROM before
            WHERE d.summary_id = before.summary_id AND before.step = $4
            RETURNING d.attempts, d.ts, CASE WHEN d.revision > $5 THEN d.feedback END AS feedback, d.plain, d.rerouted, d.unsure_since)
        SELECT before.step, before.busy, taken.attempts, before.channel, taken.ts, taken.feedback, taken.plain, taken.rerouted,
            before.unsure, taken.unsure_since, before.refused, before.revoked
        FROM before LEFT JOIN taken ON true
        """;

    /// <summary>In Slack. $3 channel, $4 timestamp, $5 revision. The conversation is kept for the reader's next summary.</summary>
    public const string Sent = """
        WITH sent AS (
            UPDATE delivery.deliveries
            SET state = 'Sent', channel = $3, ts = $4, sent_revision = $5, unsure = false, error = NULL,
                lease_owner = NULL, lease_until = NULL, ended_at = coalesce(ended_at, now())
            WHERE summary_id = $1 AND lease_owner = $2
            RETURNING team_id, user_id),
        reader AS (
            INSERT INTO delivery.readers (team_id, user_id, channel) SELECT team_id, user_id, $3 FROM sent
            ON CONFLICT (team_id, user_id) DO UPDATE SET channel = excluded.channel, refused = NULL, refused_at = NULL
                WHERE readers.channel IS DISTINCT FROM excluded.channel OR readers.refused IS NOT NULL)
        SELECT 1 FROM sent
        """;

    /// <summary>The message shows this revision now, or has to stay as it is. $3 revision, $4 why it had to. The next revision has attempts of its own.</summary>
    public const string Updated = """
        UPDATE delivery.deliveries SET sent_revision = $3, error = $4, attempts = 0, lease_owner = NULL, lease_until = NULL
        WHERE summary_id = $1 AND lease_owner = $2
        RETURNING 1
        """;

    /// <summary>Free again. $3 why; $4 whether it may have been posted, null: as before; $5 attempts that do not count.</summary>
    public const string Release = """
        UPDATE delivery.deliveries
        SET state = CASE WHEN state = 'Sent' THEN 'Sent' ELSE 'Pending' END, error = $3, unsure = coalesce($4, unsure),
            attempts = attempts - $5, lease_owner = NULL, lease_until = NULL
        WHERE summary_id = $1 AND lease_owner = $2
        RETURNING 1
        """;

    /// <summary>The conversation is known, and the delivery free again. $3 channel.</summary>
    public const string Opened = """
        UPDATE delivery.deliveries SET state = 'Pending', channel = $3, lease_owner = NULL, lease_until = NULL
        WHERE summary_id = $1 AND lease_owner = $2
        RETURNING 1
        """;

    /// <summary>The conversation that was posted to is not the right one, any more. $3 why.</summary>
    public const string Reroute = """
        WITH freed AS (
            UPDATE delivery.deliveries
            SET state = 'Pending', rerouted = true, channel = NULL, unsure = false, error = $3, lease_owner = NULL, lease_until = NULL
            WHERE summary_id = $1 AND lease_owner = $2
            RETURNING team_id, user_id),
        reader AS (
            UPDATE delivery.readers r SET channel = NULL FROM freed WHERE r.team_id = freed.team_id AND r.user_id = freed.user_id)
        SELECT 1 FROM freed
        """;

    /// <summary>The message was refused as it was; its text alone may pass. $3 why.</summary>
    public const string Simplify = """
        UPDATE delivery.deliveries
        SET state = CASE WHEN state = 'Sent' THEN 'Sent' ELSE 'Pending' END, plain = true, unsure = false, error = $3,
            lease_owner = NULL, lease_until = NULL
        WHERE summary_id = $1 AND lease_owner = $2
        RETURNING 1
        """;

    /// <summary>Given up. $3 why; $4 whether the reader is to be spared; $5 whether it may have been posted.</summary>
    public const string Park = """
        WITH parked AS (
            UPDATE delivery.deliveries
            SET state = 'Parked', error = $3, unsure = $5, lease_owner = NULL, lease_until = NULL, ended_at = now()
            WHERE summary_id = $1 AND lease_owner = $2
            RETURNING team_id, user_id),
        reader AS (
            INSERT INTO delivery.readers (team_id, user_id, refused, refused_at) SELECT team_id, user_id, $3, now() FROM parked WHERE $4
            ON CONFLICT (team_id, user_id) DO UPDATE SET refused = excluded.refused, refused_at = excluded.refused_at)
        SELECT 1 FROM parked
        """;
}
