using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace StudyTracker.Summarizer.Storage.Migrations
{
    /// <inheritdoc />
    public partial class IdsByByte : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Members may be in another order from now on: a run that is half planned looks at all of them again, and finds
            // nothing new with those who have their job.
            migrationBuilder.Sql("UPDATE study.runs SET checkpoint_team = NULL, checkpoint_user = NULL WHERE planned_at IS NULL");

            migrationBuilder.DropPrimaryKey(
                name: "pk_messages",
                schema: "study",
                table: "messages");

            migrationBuilder.DropIndex(
                name: "ix_messages_team_id_user_id_seq",
                schema: "study",
                table: "messages");

            migrationBuilder.AlterColumn<string>(
                name: "user_id",
                schema: "study",
                table: "revisions",
                type: "text",
                nullable: false,
                collation: "C",
                oldClrType: typeof(string),
                oldType: "text");

            migrationBuilder.AlterColumn<string>(
                name: "team_id",
                schema: "study",
                table: "revisions",
                type: "text",
                nullable: false,
                collation: "C",
                oldClrType: typeof(string),
                oldType: "text");

            migrationBuilder.AlterColumn<string>(
                name: "user_id",
                schema: "study",
                table: "message_edits",
                type: "text",
                nullable: false,
                collation: "C",
                oldClrType: typeof(string),
                oldType: "text");

            migrationBuilder.AlterColumn<string>(
                name: "team_id",
                schema: "study",
                table: "message_edits",
                type: "text",
                nullable: false,
                collation: "C",
                oldClrType: typeof(string),
                oldType: "text");

            migrationBuilder.AlterColumn<string>(
                name: "user_id",
                schema: "study",
                table: "summaries",
                type: "text",
                nullable: false,
                collation: "C",
                oldClrType: typeof(string),
                oldType: "text");

            migrationBuilder.AlterColumn<string>(
                name: "team_id",
                schema: "study",
                table: "summaries",
                type: "text",
                nullable: false,
                collation: "C",
                oldClrType: typeof(string),
                oldType: "text");

            migrationBuilder.AlterColumn<string>(
                name: "team_id",
                schema: "study",
                table: "spending",
                type: "text",
                nullable: false,
                collation: "C",
                oldClrType: typeof(string),
                oldType: "text");

            migrationBuilder.AlterColumn<string>(
                name: "user_id",
                schema: "study",
                table: "messages",
                type: "text",
                nullable: false,
                collation: "C",
                oldClrType: typeof(string),
                oldType: "text");

            migrationBuilder.AlterColumn<string>(
                name: "ts",
                schema: "study",
                table: "messages",
                type: "text",
                nullable: false,
                collation: "C",
                oldClrType: typeof(string),
                oldType: "text");

            migrationBuilder.AlterColumn<string>(
                name: "channel",
                schema: "study",
                table: "messages",
                type: "text",
                nullable: false,
                collation: "C",
                oldClrType: typeof(string),
                oldType: "text");

            migrationBuilder.AlterColumn<string>(
                name: "team_id",
                schema: "study",
                table: "messages",
                type: "text",
                nullable: false,
                collation: "C",
                oldClrType: typeof(string),
                oldType: "text");

            migrationBuilder.AlterColumn<string>(
                name: "user_id",
                schema: "study",
                table: "members",
                type: "text",
                nullable: false,
                collation: "C",
                oldClrType: typeof(string),
                oldType: "text");

            migrationBuilder.AlterColumn<string>(
                name: "team_id",
                schema: "study",
                table: "members",
                type: "text",
                nullable: false,
                collation: "C",
                oldClrType: typeof(string),
                oldType: "text");

            migrationBuilder.AlterColumn<string>(
                name: "user_id",
                schema: "study",
                table: "jobs",
                type: "text",
                nullable: false,
                collation: "C",
                oldClrType: typeof(string),
                oldType: "text");

            migrationBuilder.AlterColumn<string>(
                name: "team_id",
                schema: "study",
                table: "jobs",
                type: "text",
                nullable: false,
                collation: "C",
                oldClrType: typeof(string),
                oldType: "text");

            migrationBuilder.AlterColumn<string>(
                name: "user_id",
                schema: "study",
                table: "coverage",
                type: "text",
                nullable: false,
                collation: "C",
                oldClrType: typeof(string),
                oldType: "text");

            migrationBuilder.AlterColumn<string>(
                name: "team_id",
                schema: "study",
                table: "coverage",
                type: "text",
                nullable: false,
                collation: "C",
                oldClrType: typeof(string),
                oldType: "text");

            migrationBuilder.AddPrimaryKey(
                name: "pk_messages",
                schema: "study",
                table: "messages",
                columns: new[] { "ts", "channel", "team_id" });

            migrationBuilder.CreateIndex(
                name: "ix_messages_user_id_team_id_seq",
                schema: "study",
                table: "messages",
                columns: new[] { "user_id", "team_id", "seq" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropPrimaryKey(
                name: "pk_messages",
                schema: "study",
                table: "messages");

            migrationBuilder.DropIndex(
                name: "ix_messages_user_id_team_id_seq",
                schema: "study",
                table: "messages");

            migrationBuilder.AlterColumn<string>(
                name: "user_id",
                schema: "study",
                table: "revisions",
                type: "text",
                nullable: false,
                oldClrType: typeof(string),
                oldType: "text",
                oldCollation: "C");

            migrationBuilder.AlterColumn<string>(
                name: "team_id",
                schema: "study",
                table: "revisions",
                type: "text",
                nullable: false,
                oldClrType: typeof(string),
                oldType: "text",
                oldCollation: "C");

            migrationBuilder.AlterColumn<string>(
                name: "user_id",
                schema: "study",
                table: "message_edits",
                type: "text",
                nullable: false,
                oldClrType: typeof(string),
                oldType: "text",
                oldCollation: "C");

            migrationBuilder.AlterColumn<string>(
                name: "team_id",
                schema: "study",
                table: "message_edits",
                type: "text",
                nullable: false,
                oldClrType: typeof(string),
                oldType: "text",
                oldCollation: "C");

            migrationBuilder.AlterColumn<string>(
                name: "user_id",
                schema: "study",
                table: "summaries",
                type: "text",
                nullable: false,
                oldClrType: typeof(string),
                oldType: "text",
                oldCollation: "C");

            migrationBuilder.AlterColumn<string>(
                name: "team_id",
                schema: "study",
                table: "summaries",
                type: "text",
                nullable: false,
                oldClrType: typeof(string),
                oldType: "text",
                oldCollation: "C");

            migrationBuilder.AlterColumn<string>(
                name: "team_id",
                schema: "study",
                table: "spending",
                type: "text",
                nullable: false,
                oldClrType: typeof(string),
                oldType: "text",
                oldCollation: "C");

            migrationBuilder.AlterColumn<string>(
                name: "user_id",
                schema: "study",
                table: "messages",
                type: "text",
                nullable: false,
                oldClrType: typeof(string),
                oldType: "text",
                oldCollation: "C");

            migrationBuilder.AlterColumn<string>(
                name: "team_id",
                schema: "study",
                table: "messages",
                type: "text",
                nullable: false,
                oldClrType: typeof(string),
                oldType: "text",
                oldCollation: "C");

            migrationBuilder.AlterColumn<string>(
                name: "channel",
                schema: "study",
                table: "messages",
                type: "text",
                nullable: false,
                oldClrType: typeof(string),
                oldType: "text",
                oldCollation: "C");

            migrationBuilder.AlterColumn<string>(
                name: "ts",
                schema: "study",
                table: "messages",
                type: "text",
                nullable: false,
                oldClrType: typeof(string),
                oldType: "text",
                oldCollation: "C");

            migrationBuilder.AlterColumn<string>(
                name: "user_id",
                schema: "study",
                table: "members",
                type: "text",
                nullable: false,
                oldClrType: typeof(string),
                oldType: "text",
                oldCollation: "C");

            migrationBuilder.AlterColumn<string>(
                name: "team_id",
                schema: "study",
                table: "members",
                type: "text",
                nullable: false,
                oldClrType: typeof(string),
                oldType: "text",
                oldCollation: "C");

            migrationBuilder.AlterColumn<string>(
                name: "user_id",
                schema: "study",
                table: "jobs",
                type: "text",
                nullable: false,
                oldClrType: typeof(string),
                oldType: "text",
                oldCollation: "C");

            migrationBuilder.AlterColumn<string>(
                name: "team_id",
                schema: "study",
                table: "jobs",
                type: "text",
                nullable: false,
                oldClrType: typeof(string),
                oldType: "text",
                oldCollation: "C");

            migrationBuilder.AlterColumn<string>(
                name: "user_id",
                schema: "study",
                table: "coverage",
                type: "text",
                nullable: false,
                oldClrType: typeof(string),
                oldType: "text",
                oldCollation: "C");

            migrationBuilder.AlterColumn<string>(
                name: "team_id",
                schema: "study",
                table: "coverage",
                type: "text",
                nullable: false,
                oldClrType: typeof(string),
                oldType: "text",
                oldCollation: "C");

            migrationBuilder.AddPrimaryKey(
                name: "pk_messages",
                schema: "study",
                table: "messages",
                columns: new[] { "team_id", "channel", "ts" });

            migrationBuilder.CreateIndex(
                name: "ix_messages_team_id_user_id_seq",
                schema: "study",
                table: "messages",
                columns: new[] { "team_id", "user_id", "seq" });
        }
    }
}
