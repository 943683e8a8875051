using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace StudyTracker.Summarizer.Storage.Migrations
{
    /// <inheritdoc />
    public partial class IdsByByte : Migration
    {
        private static readonly (string Table, string Column)[] _ids =
        [
            ("coverage", "team_id"), ("coverage", "user_id"), ("jobs", "team_id"), ("jobs", "user_id"), ("members", "team_id"), ("members", "user_id"),
            ("message_edits", "team_id"), ("message_edits", "user_id"), ("messages", "team_id"), ("messages", "user_id"), ("messages", "channel"),
            ("messages", "ts"), ("revisions", "team_id"), ("revisions", "user_id"), ("spending", "team_id"), ("summaries", "team_id"), ("summaries", "user_id"),
        ];

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

            foreach (var (table, column) in _ids)
            {
                migrationBuilder.AlterColumn<string>(
                    name: column, schema: "study", table: table, type: "text", nullable: false, collation: "C", oldClrType: typeof(string), oldType: "text");
            }

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

            foreach (var (table, column) in _ids)
            {
                migrationBuilder.AlterColumn<string>(
                    name: column, schema: "study", table: table, type: "text", nullable: false, oldClrType: typeof(string), oldType: "text", oldCollation: "C");
            }

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
