using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PatientHub.Notifications.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class TextsFromPatients : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "text_from_patient",
                columns: table => new
                {
                    id = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    kind = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: false),
                    number = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: true),
                    number_key = table.Column<byte[]>(type: "bytea", nullable: false),
                    body = table.Column<string>(type: "text", nullable: true),
                    patient_id = table.Column<Guid>(type: "uuid", nullable: true),
                    received_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    done_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    answered_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_text_from_patient", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_text_from_patient_number_key_answered_at",
                table: "text_from_patient",
                columns: new[] { "number_key", "answered_at" },
                filter: "answered_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_text_from_patient_patient_id",
                table: "text_from_patient",
                column: "patient_id");

            migrationBuilder.CreateIndex(
                name: "ix_text_from_patient_received_at",
                table: "text_from_patient",
                column: "received_at",
                filter: "done_at is null");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "text_from_patient");
        }
    }
}
