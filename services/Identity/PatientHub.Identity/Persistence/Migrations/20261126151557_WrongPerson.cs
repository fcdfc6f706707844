using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PatientHub.Identity.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class WrongPerson : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "doubtful_since",
                table: "patient_contact",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "wrong_person_report",
                columns: table => new
                {
                    report_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<short>(type: "smallint", nullable: true),
                    value = table.Column<string>(type: "text", nullable: true),
                    link_token = table.Column<string>(type: "text", nullable: true),
                    received_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_wrong_person_report", x => x.report_id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_wrong_person_report_received_at",
                table: "wrong_person_report",
                column: "received_at");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "wrong_person_report");

            migrationBuilder.DropColumn(
                name: "doubtful_since",
                table: "patient_contact");
        }
    }
}
