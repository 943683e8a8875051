using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace StudyTracker.Summarizer.Storage.Migrations
{
    /// <inheritdoc />
    internal sealed partial class Writer : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "cached_input_tokens",
                schema: "study",
                table: "summaries",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "left_out",
                schema: "study",
                table: "summaries",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "streak_days",
                schema: "study",
                table: "summaries",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "retry_at",
                schema: "study",
                table: "jobs",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "spending",
                schema: "study",
                columns: table => new
                {
                    team_id = table.Column<string>(type: "text", nullable: false),
                    day = table.Column<DateOnly>(type: "date", nullable: false),
                    input_tokens = table.Column<long>(type: "bigint", nullable: false),
                    output_tokens = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_spending", x => new { x.team_id, x.day });
                });

            migrationBuilder.CreateIndex(
                name: "ix_jobs_parked",
                schema: "study",
                table: "jobs",
                column: "finished_at",
                filter: "error IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_retry",
                schema: "study",
                table: "jobs",
                column: "retry_at",
                filter: "retry_at IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "spending",
                schema: "study");

            migrationBuilder.DropIndex(
                name: "ix_jobs_parked",
                schema: "study",
                table: "jobs");

            migrationBuilder.DropIndex(
                name: "ix_jobs_retry",
                schema: "study",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "cached_input_tokens",
                schema: "study",
                table: "summaries");

            migrationBuilder.DropColumn(
                name: "left_out",
                schema: "study",
                table: "summaries");

            migrationBuilder.DropColumn(
                name: "streak_days",
                schema: "study",
                table: "summaries");

            migrationBuilder.DropColumn(
                name: "retry_at",
                schema: "study",
                table: "jobs");
        }
    }
}
