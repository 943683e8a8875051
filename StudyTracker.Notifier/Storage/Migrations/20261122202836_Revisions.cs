using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace StudyTracker.Notifier.Storage.Migrations
{
    /// <inheritdoc />
    internal sealed partial class Revisions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "due_at",
                schema: "delivery",
                table: "deliveries",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "plain",
                schema: "delivery",
                table: "deliveries",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "rerouted",
                schema: "delivery",
                table: "deliveries",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<int>(
                name: "revision",
                schema: "delivery",
                table: "deliveries",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "sent_revision",
                schema: "delivery",
                table: "deliveries",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "unsure",
                schema: "delivery",
                table: "deliveries",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "unsure_since",
                schema: "delivery",
                table: "deliveries",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "readers",
                schema: "delivery",
                columns: table => new
                {
                    team_id = table.Column<string>(type: "text", nullable: false),
                    user_id = table.Column<string>(type: "text", nullable: false),
                    channel = table.Column<string>(type: "text", nullable: true),
                    refused = table.Column<string>(type: "text", nullable: true),
                    refused_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_readers", x => new { x.team_id, x.user_id });
                });

            // What was under way may have been posted; what was sent shows the only revision there was.
            migrationBuilder.Sql(
                """
                UPDATE delivery.deliveries SET
                    due_at = requested_at,
                    unsure = state = 'Sending',
                    unsure_since = CASE WHEN state = 'Sending' THEN created_at END,
                    sent_revision = CASE WHEN state = 'Sent' THEN 0 END
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "readers",
                schema: "delivery");

            migrationBuilder.DropColumn(
                name: "due_at",
                schema: "delivery",
                table: "deliveries");

            migrationBuilder.DropColumn(
                name: "plain",
                schema: "delivery",
                table: "deliveries");

            migrationBuilder.DropColumn(
                name: "rerouted",
                schema: "delivery",
                table: "deliveries");

            migrationBuilder.DropColumn(
                name: "revision",
                schema: "delivery",
                table: "deliveries");

            migrationBuilder.DropColumn(
                name: "sent_revision",
                schema: "delivery",
                table: "deliveries");

            migrationBuilder.DropColumn(
                name: "unsure",
                schema: "delivery",
                table: "deliveries");

            migrationBuilder.DropColumn(
                name: "unsure_since",
                schema: "delivery",
                table: "deliveries");
        }
    }
}
