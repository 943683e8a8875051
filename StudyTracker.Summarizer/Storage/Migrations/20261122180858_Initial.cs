using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace StudyTracker.Summarizer.Storage.Migrations
{
    /// <inheritdoc />
    internal sealed partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.EnsureSchema(
                name: "study");

            // Quartz creates its own tables in here.
            migrationBuilder.EnsureSchema(
                name: StudyDbContext.SchedulerSchema);

            migrationBuilder.CreateTable(
                name: "coverage",
                schema: "study",
                columns: table => new
                {
                    team_id = table.Column<string>(type: "text", nullable: false),
                    user_id = table.Column<string>(type: "text", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    seq = table.Column<long>(type: "bigint", nullable: false),
                    window_end = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_coverage", x => new { x.team_id, x.user_id, x.kind });
                });

            migrationBuilder.CreateTable(
                name: "jobs",
                schema: "study",
                columns: table => new
                {
                    job_id = table.Column<Guid>(type: "uuid", nullable: false),
                    run_id = table.Column<string>(type: "text", nullable: false),
                    team_id = table.Column<string>(type: "text", nullable: false),
                    user_id = table.Column<string>(type: "text", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    window_start = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    window_end = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    after_seq = table.Column<long>(type: "bigint", nullable: false),
                    to_seq = table.Column<long>(type: "bigint", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    error = table.Column<string>(type: "text", nullable: true),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_jobs", x => x.job_id);
                });

            migrationBuilder.CreateTable(
                name: "members",
                schema: "study",
                columns: table => new
                {
                    team_id = table.Column<string>(type: "text", nullable: false),
                    user_id = table.Column<string>(type: "text", nullable: false),
                    time_zone = table.Column<string>(type: "text", nullable: true),
                    locale = table.Column<string>(type: "text", nullable: true),
                    paused = table.Column<bool>(type: "boolean", nullable: false, defaultValue: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_members", x => new { x.team_id, x.user_id });
                });

            migrationBuilder.CreateTable(
                name: "messages",
                schema: "study",
                columns: table => new
                {
                    team_id = table.Column<string>(type: "text", nullable: false),
                    channel = table.Column<string>(type: "text", nullable: false),
                    ts = table.Column<string>(type: "text", nullable: false),
                    user_id = table.Column<string>(type: "text", nullable: false),
                    text = table.Column<string>(type: "text", nullable: false),
                    posted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    version = table.Column<decimal>(type: "numeric", nullable: false),
                    deleted_ts = table.Column<decimal>(type: "numeric", nullable: true),
                    thread_ts = table.Column<string>(type: "text", nullable: true),
                    event_id = table.Column<string>(type: "text", nullable: false),
                    received_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    stored_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                    seq = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_messages", x => new { x.team_id, x.channel, x.ts });
                });

            migrationBuilder.CreateTable(
                name: "runs",
                schema: "study",
                columns: table => new
                {
                    run_id = table.Column<string>(type: "text", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    requested_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    requested_by = table.Column<string>(type: "text", nullable: false),
                    planned_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    members = table.Column<int>(type: "integer", nullable: false),
                    jobs = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_runs", x => x.run_id);
                });

            migrationBuilder.CreateTable(
                name: "summaries",
                schema: "study",
                columns: table => new
                {
                    summary_id = table.Column<Guid>(type: "uuid", nullable: false),
                    run_id = table.Column<string>(type: "text", nullable: false),
                    team_id = table.Column<string>(type: "text", nullable: false),
                    user_id = table.Column<string>(type: "text", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    window_start = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    window_end = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    local_date = table.Column<DateOnly>(type: "date", nullable: false),
                    language = table.Column<string>(type: "text", nullable: false),
                    content = table.Column<string>(type: "jsonb", nullable: false),
                    message_count = table.Column<int>(type: "integer", nullable: false),
                    model = table.Column<string>(type: "text", nullable: false),
                    prompt_hash = table.Column<string>(type: "text", nullable: false),
                    input_tokens = table.Column<int>(type: "integer", nullable: false),
                    output_tokens = table.Column<int>(type: "integer", nullable: false),
                    cached = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_summaries", x => x.summary_id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_jobs_run_id_team_id_user_id",
                schema: "study",
                table: "jobs",
                columns: new[] { "run_id", "team_id", "user_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_jobs_unfinished",
                schema: "study",
                table: "jobs",
                column: "run_id",
                filter: "finished_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_messages_team_id_user_id_seq",
                schema: "study",
                table: "messages",
                columns: new[] { "team_id", "user_id", "seq" });

            migrationBuilder.CreateIndex(
                name: "ix_runs_requested_at",
                schema: "study",
                table: "runs",
                column: "requested_at");

            migrationBuilder.CreateIndex(
                name: "ix_summaries_run_id",
                schema: "study",
                table: "summaries",
                column: "run_id");

            migrationBuilder.CreateIndex(
                name: "ix_summaries_team_id_user_id_kind_window_start",
                schema: "study",
                table: "summaries",
                columns: new[] { "team_id", "user_id", "kind", "window_start" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "coverage",
                schema: "study");

            migrationBuilder.DropTable(
                name: "jobs",
                schema: "study");

            migrationBuilder.DropTable(
                name: "members",
                schema: "study");

            migrationBuilder.DropTable(
                name: "messages",
                schema: "study");

            migrationBuilder.DropTable(
                name: "runs",
                schema: "study");

            migrationBuilder.DropTable(
                name: "summaries",
                schema: "study");
        }
    }
}
