using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PatientHub.Appointments.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class StaffDesk : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "claimed_by_name",
                table: "task",
                type: "character varying(100)",
                maxLength: 100,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "closing_note",
                table: "task",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "overdue_at",
                table: "task",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "staff_act",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    staff_id = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    staff_name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    act = table.Column<string>(type: "character varying(50)", maxLength: 50, nullable: false),
                    patient_id = table.Column<Guid>(type: "uuid", nullable: true),
                    task_id = table.Column<Guid>(type: "uuid", nullable: true),
                    letter_id = table.Column<Guid>(type: "uuid", nullable: true),
                    why = table.Column<string>(type: "text", nullable: true),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    done_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_staff_act", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "task_call",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    task_id = table.Column<Guid>(type: "uuid", nullable: false),
                    staff_name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    note = table.Column<string>(type: "text", nullable: true),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_task_call", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_staff_act_at",
                table: "staff_act",
                column: "at");

            migrationBuilder.CreateIndex(
                name: "ix_staff_act_patient_id",
                table: "staff_act",
                column: "patient_id");

            migrationBuilder.CreateIndex(
                name: "ix_staff_act_staff_id_at",
                table: "staff_act",
                columns: new[] { "staff_id", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_staff_act_task_id",
                table: "staff_act",
                column: "task_id");

            migrationBuilder.CreateIndex(
                name: "ix_task_call_task_id",
                table: "task_call",
                column: "task_id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "staff_act");

            migrationBuilder.DropTable(
                name: "task_call");

            migrationBuilder.DropColumn(
                name: "claimed_by_name",
                table: "task");

            migrationBuilder.DropColumn(
                name: "closing_note",
                table: "task");

            migrationBuilder.DropColumn(
                name: "overdue_at",
                table: "task");
        }
    }
}
