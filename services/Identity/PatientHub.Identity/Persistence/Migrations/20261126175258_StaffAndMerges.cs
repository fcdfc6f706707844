using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PatientHub.Identity.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class StaffAndMerges : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "letters_only_by_staff",
                table: "patient",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<Guid>(
                name: "merged_into",
                table: "patient",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "replaced_by",
                table: "patient",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<Guid[]>(
                name: "replaces",
                table: "patient",
                type: "uuid[]",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.CreateTable(
                name: "contact_changes",
                columns: table => new
                {
                    source_system = table.Column<string>(type: "text", nullable: false),
                    minute = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    count = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_contact_changes", x => new { x.source_system, x.minute });
                });

            migrationBuilder.CreateTable(
                name: "feed_stop",
                columns: table => new
                {
                    source_system = table.Column<string>(type: "text", nullable: false),
                    stopped_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    changes = table.Column<int>(type: "integer", nullable: false),
                    task_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_feed_stop", x => x.source_system);
                });

            migrationBuilder.CreateIndex(
                name: "ix_patient_birth_date",
                table: "patient",
                column: "birth_date");

            migrationBuilder.CreateIndex(
                name: "ix_patient_merged_into",
                table: "patient",
                column: "merged_into",
                filter: "merged_into is not null");

            migrationBuilder.CreateIndex(
                name: "ix_patient_replaced_by",
                table: "patient",
                column: "replaced_by",
                filter: "replaced_by is not null");

            migrationBuilder.CreateIndex(
                name: "ix_patient_replaces",
                table: "patient",
                column: "replaces",
                filter: "cardinality(replaces) > 0")
                .Annotation("Npgsql:IndexMethod", "gin");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "contact_changes");

            migrationBuilder.DropTable(
                name: "feed_stop");

            migrationBuilder.DropIndex(
                name: "ix_patient_birth_date",
                table: "patient");

            migrationBuilder.DropIndex(
                name: "ix_patient_merged_into",
                table: "patient");

            migrationBuilder.DropIndex(
                name: "ix_patient_replaced_by",
                table: "patient");

            migrationBuilder.DropIndex(
                name: "ix_patient_replaces",
                table: "patient");

            migrationBuilder.DropColumn(
                name: "letters_only_by_staff",
                table: "patient");

            migrationBuilder.DropColumn(
                name: "merged_into",
                table: "patient");

            migrationBuilder.DropColumn(
                name: "replaced_by",
                table: "patient");

            migrationBuilder.DropColumn(
                name: "replaces",
                table: "patient");
        }
    }
}
