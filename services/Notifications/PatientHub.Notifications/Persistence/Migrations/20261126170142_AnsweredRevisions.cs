using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PatientHub.Notifications.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class AnsweredRevisions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "answered",
                table: "appointment",
                type: "boolean",
                nullable: false,
                defaultValue: false);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "answered",
                table: "appointment");
        }
    }
}
