using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PatientHub.PostalFallback.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class PrintAnswers : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "address_id",
                table: "deadline",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "print_reason",
                table: "deadline",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "print_status",
                table: "deadline",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "print_status_at",
                table: "deadline",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "alarmed_at",
                table: "batch",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "handed_over_at",
                table: "batch",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "reconciled_at",
                table: "batch",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_batch_handed_over_at",
                table: "batch",
                column: "handed_over_at",
                filter: "state = 'HandedOver' and reconciled_at is null");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_batch_handed_over_at",
                table: "batch");

            migrationBuilder.DropColumn(
                name: "address_id",
                table: "deadline");

            migrationBuilder.DropColumn(
                name: "print_reason",
                table: "deadline");

            migrationBuilder.DropColumn(
                name: "print_status",
                table: "deadline");

            migrationBuilder.DropColumn(
                name: "print_status_at",
                table: "deadline");

            migrationBuilder.DropColumn(
                name: "alarmed_at",
                table: "batch");

            migrationBuilder.DropColumn(
                name: "handed_over_at",
                table: "batch");

            migrationBuilder.DropColumn(
                name: "reconciled_at",
                table: "batch");
        }
    }
}
