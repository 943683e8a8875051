using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using StudyTracker.Storage;

namespace StudyTracker.Summarizer.Storage;

/// <summary>Schema <c>study</c>, owned by the Summarizer.</summary>
internal sealed class StudyDbContext(DbContextOptions<StudyDbContext> options) : DbContext(options)
{
    public const string Schema = "study";

    /// <summary>Where Quartz keeps its own tables.</summary>
    public const string SchedulerSchema = "quartz";

    public DbSet<Member> Members => Set<Member>();

    public DbSet<PastClock> PastClocks => Set<PastClock>();

    public DbSet<StudyDay> Days => Set<StudyDay>();

    public DbSet<Message> Messages => Set<Message>();

    public DbSet<ChannelId> ChannelIds => Set<ChannelId>();

    public DbSet<Coverage> Coverage => Set<Coverage>();

    public DbSet<Run> Runs => Set<Run>();

    public DbSet<Job> Jobs => Set<Job>();

    public DbSet<Summary> Summaries => Set<Summary>();

    public DbSet<MessageEdit> MessageEdits => Set<MessageEdit>();

    public DbSet<Revision> Revisions => Set<Revision>();

    public DbSet<Spending> Spending => Set<Spending>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        modelBuilder.Entity<Member>(row =>
        {
            row.HasKey(member => new { member.TeamId, member.UserId });
            row.Property(member => member.Paused).HasDefaultValue(false);
            row.Property(member => member.Stopped).HasDefaultValueSql("'{}'");
            row.HasIndex(member => new { member.TeamId, member.UserId }).HasFilter("schedule IS NULL").HasDatabaseName("ix_members_unscheduled");
            row.HasIndex(member => member.ProfileDue);
            row.Property(member => member.CreatedAt).HasDefaultValueSql("now()");
        });
        modelBuilder.Entity<PastClock>().HasKey(clock => new { clock.TeamId, clock.UserId, clock.UntilSeq });
        modelBuilder.Entity<StudyDay>().HasKey(day => new { day.TeamId, day.UserId, day.Day });
        modelBuilder.Entity<Message>(row =>
        {
            // The part that differs from row to row comes first, so that most comparisons end there, and new rows go to the index's end.
            row.HasKey(message => new { message.Ts, message.Channel, message.TeamId });
            row.Property(message => message.Seq).UseIdentityAlwaysColumn();
            row.Property(message => message.StoredAt).HasDefaultValueSql("now()");
            row.Property(message => message.SaysSomething).HasDefaultValue(true);
            row.Property(message => message.IsCut).HasDefaultValue(false);
            row.Property(message => message.ToldTs).HasDefaultValue(0m);
            row.HasIndex(message => new { message.UserId, message.TeamId, message.Seq });
            // Rows lie about in the order of their time, so a few bytes for each megabyte find the old ones; intake pays next to nothing.
            row.HasIndex(message => message.PostedAt).HasMethod("brin");
        });
        modelBuilder.Entity<ChannelId>(row =>
        {
            row.HasKey(id => id.Seq);
            row.Property(id => id.Seq).UseIdentityAlwaysColumn();
            row.HasIndex(id => new { id.TeamId, id.OldChannel }).IsUnique();
            row.Property(id => id.CreatedAt).HasDefaultValueSql("now()");
        });
        modelBuilder.Entity<Coverage>(row =>
        {
            row.HasKey(coverage => new { coverage.TeamId, coverage.UserId, coverage.Kind });
            row.Property(coverage => coverage.Held).HasDefaultValue(false);
            row.HasIndex(coverage => new { coverage.NextDue, coverage.Kind, coverage.TeamId, coverage.UserId })
                .HasFilter("next_due IS NOT NULL").HasDatabaseName("ix_coverage_due");
        });
        modelBuilder.Entity<Run>(row =>
        {
            row.HasKey(run => run.RunId);
            row.HasIndex(run => run.RequestedAt);
        });
        modelBuilder.Entity<Job>(row =>
        {
            row.HasKey(job => job.JobId);
            row.Property(job => job.Page).HasDefaultValue(0);
            row.Property(job => job.DueAt).HasDefaultValueSql("now()");
            row.HasIndex(job => new { job.RunId, job.TeamId, job.UserId }).IsUnique();
            row.HasIndex(job => new { job.TeamId, job.UserId, job.Kind, job.WindowStart }).IsUnique();
            row.HasIndex(job => job.RunId).HasFilter("finished_at IS NULL").HasDatabaseName("ix_jobs_unfinished");
            row.HasIndex(job => job.RetryAt).HasFilter("retry_at IS NOT NULL").HasDatabaseName("ix_jobs_retry");
            // Not by state: that changes with every job, and would make each change one of this index.
            row.HasIndex(job => job.FinishedAt).HasFilter("error IS NOT NULL").HasDatabaseName("ix_jobs_parked");
        });
        modelBuilder.Entity<Summary>(row =>
        {
            row.HasKey(summary => summary.SummaryId);
            row.HasIndex(summary => new { summary.TeamId, summary.UserId, summary.Kind, summary.WindowStart }).IsUnique();
            row.HasIndex(summary => summary.RunId);
            row.Property(summary => summary.Content).HasColumnType("jsonb");
            row.Property(summary => summary.Revision).HasDefaultValue(0);
        });
        modelBuilder.Entity<MessageEdit>(row => row.HasKey(edit => new { edit.TeamId, edit.UserId, edit.Seq }));
        modelBuilder.Entity<Revision>(row =>
        {
            row.HasKey(revision => new { revision.SummaryId, revision.Number });
            row.Property(revision => revision.CreatedAt).HasDefaultValueSql("now()");
            row.HasIndex(revision => revision.SummaryId).IsUnique().HasFilter("finished_at IS NULL").HasDatabaseName("ix_revisions_open");
            row.HasIndex(revision => revision.RetryAt).HasFilter("retry_at IS NOT NULL").HasDatabaseName("ix_revisions_retry");
            row.HasIndex(revision => new { revision.TeamId, revision.UserId });
        });
        modelBuilder.Entity<Spending>().HasKey(spending => new { spending.TeamId, spending.Day });
        SnakeCase.Apply(modelBuilder);
        CompareIdsByByte(modelBuilder);
    }

    /// <summary>
    /// Slack's ids are ASCII: comparing them by the rules of a language, as the database's own collation may, costs intake and
    /// every search several times as much and finds the same. All tables alike, so that an index serves a join.
    /// </summary>
    private static void CompareIdsByByte(ModelBuilder modelBuilder)
    {
        string[] ids = [nameof(Message.TeamId), nameof(Message.UserId), nameof(Message.Channel), nameof(ChannelId.OldChannel), nameof(Message.Ts)];
        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()).Where(property => ids.Contains(property.Name)))
            property.SetCollation("C");
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        // Words instead of numbers: an operator reads these tables with psql.
        configurationBuilder.Properties<Contracts.SummaryKind>().HaveConversion<string>();
        configurationBuilder.Properties<JobState>().HaveConversion<string>();
    }
}

/// <summary>Lets <c>dotnet ef migrations add</c> work without a database.</summary>
internal sealed class StudyDbContextFactory : IDesignTimeDbContextFactory<StudyDbContext>
{
    public StudyDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<StudyDbContext>().UseStudyTracker("Host=localhost", StudyDbContext.Schema).Options);
}
