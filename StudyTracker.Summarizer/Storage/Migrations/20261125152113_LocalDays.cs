using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace StudyTracker.Summarizer.Storage.Migrations
{
    /// <inheritdoc />
    public partial class LocalDays : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<TimeOnly>(
                name: "day_start",
                schema: "study",
                table: "members",
                type: "time without time zone",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "offset_seconds",
                schema: "study",
                table: "members",
                type: "integer",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "days",
                schema: "study",
                columns: table => new
                {
                    team_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    user_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    day = table.Column<DateOnly>(type: "date", nullable: false),
                    streak = table.Column<int>(type: "integer", nullable: false),
                    assumed = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_days", x => new { x.team_id, x.user_id, x.day });
                });

            migrationBuilder.CreateTable(
                name: "past_clocks",
                schema: "study",
                columns: table => new
                {
                    team_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    user_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    until_seq = table.Column<long>(type: "bigint", nullable: false),
                    time_zone = table.Column<string>(type: "text", nullable: true),
                    offset_seconds = table.Column<int>(type: "integer", nullable: true),
                    day_start = table.Column<TimeOnly>(type: "time without time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_past_clocks", x => new { x.team_id, x.user_id, x.until_seq });
                });

            // Streaks that are under way go on. Members whose zone is not known live in the schedule's, which is Seoul unless it was
            // configured; such days are marked, and told anew when the member's clock becomes known.
            migrationBuilder.Sql("""
                WITH zoned AS (
                    SELECT m.team_id, m.user_id, z.name FROM study.members m LEFT JOIN pg_timezone_names z ON z.name = m.time_zone),
                written AS (
                    SELECT DISTINCT x.team_id, x.user_id, (x.posted_at AT TIME ZONE coalesce(z.name, 'Asia/Seoul'))::date AS day, z.name IS NULL AS assumed
                    FROM study.messages x JOIN zoned z USING (team_id, user_id)
                    WHERE x.deleted_ts IS NULL AND x.version >= 0 AND btrim(x.text) <> ''),
                numbered AS (
                    SELECT *, day - row_number() OVER (PARTITION BY team_id, user_id ORDER BY day)::int AS distance FROM written)
                INSERT INTO study.days (team_id, user_id, day, streak, assumed)
                SELECT team_id, user_id, day, row_number() OVER (PARTITION BY team_id, user_id, distance ORDER BY day), assumed FROM numbered
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "days",
                schema: "study");

            migrationBuilder.DropTable(
                name: "past_clocks",
                schema: "study");

            migrationBuilder.DropColumn(
                name: "day_start",
                schema: "study",
                table: "members");

            migrationBuilder.DropColumn(
                name: "offset_seconds",
                schema: "study",
                table: "members");
        }
    }
}
