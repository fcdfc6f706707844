using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PatientHub.PostalFallback.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class NewsWithoutLadder : Migration
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

            migrationBuilder.AddColumn<string>(
                name: "post",
                table: "letter",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "cancellation_news",
                columns: table => new
                {
                    appointment_id = table.Column<Guid>(type: "uuid", nullable: false),
                    revision = table.Column<int>(type: "integer", nullable: false),
                    told_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    untold_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_cancellation_news", x => new { x.appointment_id, x.revision });
                });

            migrationBuilder.CreateIndex(
                name: "ix_letter_about_appointment_id",
                table: "letter",
                column: "about_appointment_id",
                filter: "about_appointment_id is not null");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "cancellation_news");

            migrationBuilder.DropIndex(
                name: "ix_letter_about_appointment_id",
                table: "letter");

            migrationBuilder.DropColumn(
                name: "about_appointment_id",
                table: "letter");

            migrationBuilder.DropColumn(
                name: "about_revision",
                table: "letter");

            migrationBuilder.DropColumn(
                name: "post",
                table: "letter");
        }
    }
}
