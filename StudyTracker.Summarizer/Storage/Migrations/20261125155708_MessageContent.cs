using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace StudyTracker.Summarizer.Storage.Migrations
{
    /// <inheritdoc />
    internal sealed partial class MessageContent : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "attached",
                schema: "study",
                table: "messages",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "is_cut",
                schema: "study",
                table: "messages",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "says_something",
                schema: "study",
                table: "messages",
                type: "boolean",
                nullable: false,
                defaultValue: true);

            migrationBuilder.AddColumn<decimal>(
                name: "told_ts",
                schema: "study",
                table: "messages",
                type: "numeric",
                nullable: false,
                defaultValue: 0m);

            // What is stored stays in Slack's markup, and is judged as it was until now: of what it was made of, only this is left.
            migrationBuilder.Sql("UPDATE study.messages SET says_something = false WHERE btrim(text) = ''");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "attached",
                schema: "study",
                table: "messages");

            migrationBuilder.DropColumn(
                name: "is_cut",
                schema: "study",
                table: "messages");

            migrationBuilder.DropColumn(
                name: "says_something",
                schema: "study",
                table: "messages");

            migrationBuilder.DropColumn(
                name: "told_ts",
                schema: "study",
                table: "messages");
        }
    }
}
