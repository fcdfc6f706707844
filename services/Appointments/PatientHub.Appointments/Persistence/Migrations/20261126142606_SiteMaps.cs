using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PatientHub.Appointments.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class SiteMaps : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "directions",
                table: "site",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "map_bytes",
                table: "site",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "map_type",
                table: "site",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "site_map",
                columns: table => new
                {
                    site_id = table.Column<Guid>(type: "uuid", nullable: false),
                    content_type = table.Column<string>(type: "character varying(50)", maxLength: 50, nullable: false),
                    content = table.Column<byte[]>(type: "bytea", nullable: false),
                    uploaded_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_site_map", x => x.site_id);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "site_map");

            migrationBuilder.DropColumn(
                name: "directions",
                table: "site");

            migrationBuilder.DropColumn(
                name: "map_bytes",
                table: "site");

            migrationBuilder.DropColumn(
                name: "map_type",
                table: "site");
        }
    }
}
