using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PatientHub.Appointments.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class AnsweredRevisions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "answered_revision",
                table: "appointment",
                type: "integer",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "answered_revision",
                table: "appointment");
        }
    }
}
