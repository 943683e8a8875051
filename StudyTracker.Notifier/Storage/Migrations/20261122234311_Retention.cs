using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace StudyTracker.Notifier.Storage.Migrations
{
    /// <inheritdoc />
    internal sealed partial class Retention : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "dealt_letters",
                schema: "delivery",
                columns: table => new
                {
                    partition = table.Column<int>(type: "integer", nullable: false),
                    offset = table.Column<long>(type: "bigint", nullable: false),
                    died_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    dealt_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_dealt_letters", x => new { x.partition, x.offset, x.died_at });
                });

            migrationBuilder.CreateTable(
                name: "retention",
                schema: "delivery",
                columns: table => new
                {
                    id = table.Column<bool>(type: "boolean", nullable: false),
                    forgotten_before = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_retention", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_deliveries_ended",
                schema: "delivery",
                table: "deliveries",
                column: "requested_at",
                filter: "state IN ('Sent', 'Dropped')");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "dealt_letters",
                schema: "delivery");

            migrationBuilder.DropTable(
                name: "retention",
                schema: "delivery");

            migrationBuilder.DropIndex(
                name: "ix_deliveries_ended",
                schema: "delivery",
                table: "deliveries");
        }
    }
}
