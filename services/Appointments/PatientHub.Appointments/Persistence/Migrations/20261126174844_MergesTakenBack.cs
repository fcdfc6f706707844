using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PatientHub.Appointments.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class MergesTakenBack : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "merged_from",
                table: "task",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "merged_from",
                table: "appointment",
                type: "uuid",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_task_merged_from",
                table: "task",
                column: "merged_from",
                filter: "merged_from is not null");

            migrationBuilder.CreateIndex(
                name: "ix_appointment_merged_from",
                table: "appointment",
                column: "merged_from",
                filter: "merged_from is not null");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_task_merged_from",
                table: "task");

            migrationBuilder.DropIndex(
                name: "ix_appointment_merged_from",
                table: "appointment");

            migrationBuilder.DropColumn(
                name: "merged_from",
                table: "task");

            migrationBuilder.DropColumn(
                name: "merged_from",
                table: "appointment");
        }
    }
}
