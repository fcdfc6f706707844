using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PatientHub.Letters.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class Notices : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "about_appointment_id",
                table: "letter",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "about_revision",
                table: "letter",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "merged_at",
                table: "letter",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "merged_from",
                table: "letter",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "notice",
                table: "letter",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "notice",
                columns: table => new
                {
                    notice_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    subject_id = table.Column<Guid>(type: "uuid", nullable: false),
                    subject_version = table.Column<int>(type: "integer", nullable: false),
                    patient_id = table.Column<Guid>(type: "uuid", nullable: false),
                    appointment_id = table.Column<Guid>(type: "uuid", nullable: true),
                    revision = table.Column<int>(type: "integer", nullable: true),
                    wanted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    alarmed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_notice", x => x.notice_id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_letter_about_appointment_id",
                table: "letter",
                column: "about_appointment_id",
                filter: "about_appointment_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_letter_merged_from",
                table: "letter",
                column: "merged_from",
                filter: "merged_from is not null");

            migrationBuilder.CreateIndex(
                name: "ix_notice_due_at",
                table: "notice",
                column: "due_at",
                filter: "due_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_notice_kind_subject_id_subject_version",
                table: "notice",
                columns: new[] { "kind", "subject_id", "subject_version" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_notice_patient_id",
                table: "notice",
                column: "patient_id",
                filter: "due_at is not null");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "notice");

            migrationBuilder.DropIndex(
                name: "ix_letter_about_appointment_id",
                table: "letter");

            migrationBuilder.DropIndex(
                name: "ix_letter_merged_from",
                table: "letter");

            migrationBuilder.DropColumn(
                name: "about_appointment_id",
                table: "letter");

            migrationBuilder.DropColumn(
                name: "about_revision",
                table: "letter");

            migrationBuilder.DropColumn(
                name: "merged_at",
                table: "letter");

            migrationBuilder.DropColumn(
                name: "merged_from",
                table: "letter");

            migrationBuilder.DropColumn(
                name: "notice",
                table: "letter");
        }
    }
}
