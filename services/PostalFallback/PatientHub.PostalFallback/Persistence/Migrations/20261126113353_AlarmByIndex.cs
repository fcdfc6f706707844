using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PatientHub.PostalFallback.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class AlarmByIndex : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_deadline_due_at",
                table: "deadline");

            migrationBuilder.CreateIndex(
                name: "ix_deadline_due_at",
                table: "deadline",
                column: "due_at",
                filter: "state in ('Waiting', 'Printing')");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_deadline_due_at",
                table: "deadline");

            migrationBuilder.CreateIndex(
                name: "ix_deadline_due_at",
                table: "deadline",
                column: "due_at",
                filter: "state = 'Waiting'");
        }
    }
}
