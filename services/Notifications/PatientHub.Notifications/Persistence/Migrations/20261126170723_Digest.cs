using System;
using Microsoft.EntityFrameworkCore.Migrations;
using PatientHub.Messaging;

#nullable disable

namespace PatientHub.Notifications.Persistence.Migrations
{
    /// <inheritdoc />
    [ContractsSchema("Before the first release: message.step_id was never in one, so no instance of a release can be running beside this schema.")]
    public partial class Digest : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AlterTable(
                name: "journey_step")
                .Annotation("Npgsql:StorageParameter:fillfactor", 80);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "claimed_until",
                table: "journey_step",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "held_until",
                table: "journey_step",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "message_step",
                columns: table => new
                {
                    step_id = table.Column<Guid>(type: "uuid", nullable: false),
                    channel = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: false),
                    message_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_message_step", x => new { x.step_id, x.channel });
                });

            migrationBuilder.CreateIndex(
                name: "ix_message_step_message_id",
                table: "message_step",
                column: "message_id");

            // Every message so far told of one step.
            migrationBuilder.Sql("insert into message_step (step_id, channel, message_id) select step_id, channel, id from message");

            migrationBuilder.DropIndex(
                name: "ix_message_step_id_channel",
                table: "message");

            migrationBuilder.DropColumn(
                name: "step_id",
                table: "message");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "claimed_until",
                table: "journey_step");

            migrationBuilder.DropColumn(
                name: "held_until",
                table: "journey_step");

            migrationBuilder.AlterTable(
                name: "journey_step")
                .OldAnnotation("Npgsql:StorageParameter:fillfactor", 80);

            migrationBuilder.AddColumn<Guid>(
                name: "step_id",
                table: "message",
                type: "uuid",
                nullable: false,
                defaultValue: new Guid("00000000-0000-0000-0000-000000000000"));

            // A message of before can name one step only.
            migrationBuilder.Sql("""
                update message m set step_id = coalesce((select min(t.step_id::text)::uuid from message_step t where t.message_id = m.id), m.id)
                """);

            migrationBuilder.DropTable(
                name: "message_step");

            migrationBuilder.CreateIndex(
                name: "ix_message_step_id_channel",
                table: "message",
                columns: new[] { "step_id", "channel" },
                unique: true);
        }
    }
}
