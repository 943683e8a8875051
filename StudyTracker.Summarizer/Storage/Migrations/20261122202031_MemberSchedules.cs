using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace StudyTracker.Summarizer.Storage.Migrations
{
    /// <inheritdoc />
    internal sealed partial class MemberSchedules : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "not_helpful_at",
                schema: "study",
                table: "summaries",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "checkpoint_team",
                schema: "study",
                table: "runs",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "checkpoint_user",
                schema: "study",
                table: "runs",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "pages",
                schema: "study",
                table: "runs",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "touched_at",
                schema: "study",
                table: "runs",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<TimeOnly>(
                name: "daily_time",
                schema: "study",
                table: "members",
                type: "time without time zone",
                nullable: true);

            migrationBuilder.AddColumn<TimeOnly>(
                name: "monthly_time",
                schema: "study",
                table: "members",
                type: "time without time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "paused_until",
                schema: "study",
                table: "members",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "preferences_at",
                schema: "study",
                table: "members",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "profile_due",
                schema: "study",
                table: "members",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "schedule",
                schema: "study",
                table: "members",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string[]>(
                name: "stopped",
                schema: "study",
                table: "members",
                type: "text[]",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.AddColumn<TimeOnly>(
                name: "weekly_time",
                schema: "study",
                table: "members",
                type: "time without time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "due_at",
                schema: "study",
                table: "jobs",
                type: "timestamp with time zone",
                nullable: false,
                defaultValueSql: "now()");

            migrationBuilder.AddColumn<int>(
                name: "page",
                schema: "study",
                table: "jobs",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            // What was planned before was due at the end of its window.
            migrationBuilder.Sql("UPDATE study.jobs SET due_at = window_end");

            migrationBuilder.AlterColumn<DateTimeOffset>(
                name: "window_end",
                schema: "study",
                table: "coverage",
                type: "timestamp with time zone",
                nullable: true,
                oldClrType: typeof(DateTimeOffset),
                oldType: "timestamp with time zone");

            migrationBuilder.AddColumn<bool>(
                name: "held",
                schema: "study",
                table: "coverage",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "last_due",
                schema: "study",
                table: "coverage",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "next_due",
                schema: "study",
                table: "coverage",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_members_profile_due",
                schema: "study",
                table: "members",
                column: "profile_due");

            migrationBuilder.CreateIndex(
                name: "ix_members_unscheduled",
                schema: "study",
                table: "members",
                columns: new[] { "team_id", "user_id" },
                filter: "schedule IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_team_id_user_id_kind_window_start",
                schema: "study",
                table: "jobs",
                columns: new[] { "team_id", "user_id", "kind", "window_start" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_coverage_due",
                schema: "study",
                table: "coverage",
                columns: new[] { "next_due", "kind", "team_id", "user_id" },
                filter: "next_due IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_members_profile_due",
                schema: "study",
                table: "members");

            migrationBuilder.DropIndex(
                name: "ix_members_unscheduled",
                schema: "study",
                table: "members");

            migrationBuilder.DropIndex(
                name: "ix_jobs_team_id_user_id_kind_window_start",
                schema: "study",
                table: "jobs");

            migrationBuilder.DropIndex(
                name: "ix_coverage_due",
                schema: "study",
                table: "coverage");

            migrationBuilder.DropColumn(
                name: "not_helpful_at",
                schema: "study",
                table: "summaries");

            migrationBuilder.DropColumn(
                name: "checkpoint_team",
                schema: "study",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "checkpoint_user",
                schema: "study",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "pages",
                schema: "study",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "touched_at",
                schema: "study",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "daily_time",
                schema: "study",
                table: "members");

            migrationBuilder.DropColumn(
                name: "monthly_time",
                schema: "study",
                table: "members");

            migrationBuilder.DropColumn(
                name: "paused_until",
                schema: "study",
                table: "members");

            migrationBuilder.DropColumn(
                name: "preferences_at",
                schema: "study",
                table: "members");

            migrationBuilder.DropColumn(
                name: "profile_due",
                schema: "study",
                table: "members");

            migrationBuilder.DropColumn(
                name: "schedule",
                schema: "study",
                table: "members");

            migrationBuilder.DropColumn(
                name: "stopped",
                schema: "study",
                table: "members");

            migrationBuilder.DropColumn(
                name: "weekly_time",
                schema: "study",
                table: "members");

            migrationBuilder.DropColumn(
                name: "due_at",
                schema: "study",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "page",
                schema: "study",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "held",
                schema: "study",
                table: "coverage");

            migrationBuilder.DropColumn(
                name: "last_due",
                schema: "study",
                table: "coverage");

            migrationBuilder.DropColumn(
                name: "next_due",
                schema: "study",
                table: "coverage");

            migrationBuilder.AlterColumn<DateTimeOffset>(
                name: "window_end",
                schema: "study",
                table: "coverage",
                type: "timestamp with time zone",
                nullable: false,
                defaultValue: new DateTimeOffset(new DateTime(1, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)),
                oldClrType: typeof(DateTimeOffset),
                oldType: "timestamp with time zone",
                oldNullable: true);
        }
    }
}
