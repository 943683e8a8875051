using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using StudyTracker.Contracts;
using StudyTracker.Storage;

namespace StudyTracker.Notifier.Storage;

/// <summary>How far a delivery is.</summary>
internal enum DeliveryState
{
    /// <summary>Not posted; free to be taken.</summary>
    Pending,

    /// <summary>Taken by somebody until the lease ends. After that nobody knows whether it was posted.</summary>
    Sending,

    /// <summary>Posted, and known to be.</summary>
    Sent,

    /// <summary>Given up, with its reason; an operator can replay it.</summary>
    Parked,

    /// <summary>Given up for good by an operator.</summary>
    Dropped,
}

/// <summary>One summary on its way to Slack.</summary>
internal sealed class DeliveryRow
{
    public Guid SummaryId { get; init; }

    public required string RunId { get; init; }

    public required string TeamId { get; init; }

    public required string UserId { get; init; }

    public SummaryKind Kind { get; init; }

    /// <summary>The <see cref="FeedbackRecord"/> as JSON: what a replay sends.</summary>
    public required string Feedback { get; init; }

    public DeliveryState State { get; set; }

    /// <summary>Who has taken it.</summary>
    public Guid? LeaseOwner { get; set; }

    public DateTimeOffset? LeaseUntil { get; set; }

    public int Attempts { get; set; }

    public string? Channel { get; set; }

    public string? Ts { get; set; }

    public string? Error { get; set; }

    /// <summary>The newest revision that is known, which <see cref="Feedback"/> is.</summary>
    public int Revision { get; set; }

    /// <summary>The revision that the message in Slack shows; null before it is sent.</summary>
    public int? SentRevision { get; set; }

    /// <summary>Whether it may have been posted: then it is looked for before it is posted again.</summary>
    public bool Unsure { get; set; }

    /// <summary>Since when that is so, or last was.</summary>
    public DateTimeOffset? UnsureSince { get; set; }

    /// <summary>Whether its text alone is sent, because Slack refused the whole message.</summary>
    public bool Plain { get; set; }

    /// <summary>Whether the conversation has to be opened anew, because Slack did not find it.</summary>
    public bool Rerouted { get; set; }

    public DateTimeOffset RequestedAt { get; init; }

    /// <summary>When it was promised.</summary>
    public DateTimeOffset? DueAt { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was sent or parked.</summary>
    public DateTimeOffset? EndedAt { get; set; }
}

/// <summary>What Slack has told of a reader.</summary>
internal sealed class ReaderRow
{
    public required string TeamId { get; init; }

    public required string UserId { get; init; }

    /// <summary>The direct message with the reader.</summary>
    public string? Channel { get; set; }

    /// <summary>Why the reader cannot be reached.</summary>
    public string? Refused { get; set; }

    /// <summary>Since when.</summary>
    public DateTimeOffset? RefusedAt { get; set; }
}

/// <summary>A workspace, or a whole organisation, that has installed the app.</summary>
internal sealed class WorkspaceRow
{
    public required string TeamId { get; init; }

    public required string Name { get; set; }

    /// <summary>Its bot token, encrypted; empty when the workspace has taken it back.</summary>
    public required string Token { get; set; }

    /// <summary>What the token allows, as Slack says it.</summary>
    public required string Scopes { get; set; }

    public DateTimeOffset InstalledAt { get; set; }

    /// <summary>The organisation that a workspace belongs to; null: none, or it is an organisation itself.</summary>
    public string? EnterpriseId { get; set; }

    /// <summary>What the next token is got with, encrypted; null: the token does not run out.</summary>
    public string? RefreshToken { get; set; }

    /// <summary>When the token runs out.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>When it was refreshed last.</summary>
    public DateTimeOffset? RefreshedAt { get; set; }

    /// <summary>When it is to be refreshed, or after a failure tried again.</summary>
    public DateTimeOffset? RefreshDue { get; set; }

    /// <summary>Until when somebody is at it.</summary>
    public DateTimeOffset? RefreshUntil { get; set; }

    /// <summary>How often in a row it failed.</summary>
    public int RefreshAttempts { get; set; }

    /// <summary>Why it failed last.</summary>
    public string? RefreshError { get; set; }
}

/// <summary>A workspace that has taken its token back, since when and how. An installation deletes it.</summary>
internal sealed class RevocationRow
{
    public required string TeamId { get; init; }

    /// <summary>By Slack's clock.</summary>
    public DateTimeOffset RevokedAt { get; set; }

    /// <summary>The event's type.</summary>
    public required string Reason { get; set; }

    /// <summary>Fingerprint of the token that the configuration had for the workspace; null: none.</summary>
    public string? Configured { get; set; }
}

/// <summary>The one row that tells what the ledger has forgotten.</summary>
internal sealed class RetentionRow
{
    public bool Id { get; init; }

    /// <summary>Deliveries whose run was asked for before may have been deleted.</summary>
    public DateTimeOffset ForgottenBefore { get; set; }
}

/// <summary>A dead letter that an operator has dealt with while earlier ones of its partition wait.</summary>
internal sealed class DealtLetterRow
{
    public int Partition { get; init; }

    public long Offset { get; init; }

    /// <summary>Kafka's timestamp: tells apart what had the same offset in a topic that was made anew.</summary>
    public DateTimeOffset DiedAt { get; init; }

    /// <summary>When it was replayed or dropped.</summary>
    public DateTimeOffset DealtAt { get; init; }
}

/// <summary>Schema <c>delivery</c>, owned by the Notifier.</summary>
internal sealed class DeliveryDbContext(DbContextOptions<DeliveryDbContext> options) : DbContext(options)
{
    public const string Schema = "delivery";

    public DbSet<DeliveryRow> Deliveries => Set<DeliveryRow>();

    public DbSet<ReaderRow> Readers => Set<ReaderRow>();

    public DbSet<WorkspaceRow> Workspaces => Set<WorkspaceRow>();

    public DbSet<RevocationRow> Revocations => Set<RevocationRow>();

    public DbSet<RetentionRow> Retention => Set<RetentionRow>();

    public DbSet<DealtLetterRow> DealtLetters => Set<DealtLetterRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        modelBuilder.Entity<DeliveryRow>(row =>
        {
            row.ToTable("deliveries");
            row.HasKey(delivery => delivery.SummaryId);
            row.HasIndex(delivery => new { delivery.RunId, delivery.State });
            row.HasIndex(delivery => delivery.EndedAt).HasFilter("state = 'Parked'").HasDatabaseName("ix_deliveries_parked");
            row.HasIndex(delivery => delivery.RequestedAt).HasFilter("state IN ('Sent', 'Dropped')").HasDatabaseName("ix_deliveries_ended");
            row.Property(delivery => delivery.Feedback).HasColumnType("jsonb");
            row.Property(delivery => delivery.CreatedAt).HasDefaultValueSql("now()");
        });
        modelBuilder.Entity<ReaderRow>(row =>
        {
            row.ToTable("readers");
            row.HasKey(reader => new { reader.TeamId, reader.UserId });
        });
        modelBuilder.Entity<WorkspaceRow>(row =>
        {
            row.ToTable("workspaces");
            row.HasKey(workspace => workspace.TeamId);
            row.HasIndex(workspace => workspace.RefreshDue).HasFilter("refresh_due IS NOT NULL").HasDatabaseName("ix_workspaces_refresh");
            row.Property(workspace => workspace.RefreshAttempts).HasDefaultValue(0);
        });
        modelBuilder.Entity<RevocationRow>(row =>
        {
            row.ToTable("revocations");
            row.HasKey(revocation => revocation.TeamId);
        });
        modelBuilder.Entity<RetentionRow>(row =>
        {
            row.ToTable("retention");
            row.HasKey(retention => retention.Id);
        });
        modelBuilder.Entity<DealtLetterRow>(row =>
        {
            row.ToTable("dealt_letters");
            row.HasKey(letter => new { letter.Partition, letter.Offset, letter.DiedAt });
            row.Property(letter => letter.DealtAt).HasDefaultValueSql("now()");
        });
        SnakeCase.Apply(modelBuilder);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        // Words instead of numbers: an operator reads this table with psql.
        configurationBuilder.Properties<SummaryKind>().HaveConversion<string>();
        configurationBuilder.Properties<DeliveryState>().HaveConversion<string>();
    }
}

/// <summary>Lets <c>dotnet ef migrations add</c> work without a database.</summary>
internal sealed class DeliveryDbContextFactory : IDesignTimeDbContextFactory<DeliveryDbContext>
{
    public DeliveryDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<DeliveryDbContext>().UseStudyTracker("Host=localhost", DeliveryDbContext.Schema).Options);
}
