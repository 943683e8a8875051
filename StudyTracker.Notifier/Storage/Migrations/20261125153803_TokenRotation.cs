using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace StudyTracker.Notifier.Storage.Migrations
{
    /// <inheritdoc />
    public partial class TokenRotation : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "enterprise_id",
                schema: "delivery",
                table: "workspaces",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "expires_at",
                schema: "delivery",
                table: "workspaces",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "refresh_attempts",
                schema: "delivery",
                table: "workspaces",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "refresh_due",
                schema: "delivery",
                table: "workspaces",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "refresh_error",
                schema: "delivery",
                table: "workspaces",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "refresh_token",
                schema: "delivery",
                table: "workspaces",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "refresh_until",
                schema: "delivery",
                table: "workspaces",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "refreshed_at",
                schema: "delivery",
                table: "workspaces",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_workspaces_refresh",
                schema: "delivery",
                table: "workspaces",
                column: "refresh_due",
                filter: "refresh_due IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_workspaces_refresh",
                schema: "delivery",
                table: "workspaces");

            migrationBuilder.DropColumn(
                name: "enterprise_id",
                schema: "delivery",
                table: "workspaces");

            migrationBuilder.DropColumn(
                name: "expires_at",
                schema: "delivery",
                table: "workspaces");

            migrationBuilder.DropColumn(
                name: "refresh_attempts",
                schema: "delivery",
                table: "workspaces");

            migrationBuilder.DropColumn(
                name: "refresh_due",
                schema: "delivery",
                table: "workspaces");

            migrationBuilder.DropColumn(
                name: "refresh_error",
                schema: "delivery",
                table: "workspaces");

            migrationBuilder.DropColumn(
                name: "refresh_token",
                schema: "delivery",
                table: "workspaces");

            migrationBuilder.DropColumn(
                name: "refresh_until",
                schema: "delivery",
                table: "workspaces");

            migrationBuilder.DropColumn(
                name: "refreshed_at",
                schema: "delivery",
                table: "workspaces");
        }
    }
}
