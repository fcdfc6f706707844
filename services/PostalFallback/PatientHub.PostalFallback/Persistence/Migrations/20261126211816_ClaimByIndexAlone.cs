using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PatientHub.PostalFallback.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class ClaimByIndexAlone : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_deadline_due_at",
                table: "deadline");

            migrationBuilder.AlterTable(
                name: "deadline")
                .Annotation("Npgsql:StorageParameter:autovacuum_vacuum_scale_factor", 0.02)
                .Annotation("Npgsql:StorageParameter:fillfactor", 85);

            migrationBuilder.CreateIndex(
                name: "ix_deadline_due_at",
                table: "deadline",
                column: "due_at",
                filter: "state in ('Waiting', 'Printing')")
                .Annotation("Npgsql:IndexInclude", new[] { "start", "deadline_id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_deadline_due_at",
                table: "deadline");

            migrationBuilder.AlterTable(
                name: "deadline")
                .OldAnnotation("Npgsql:StorageParameter:autovacuum_vacuum_scale_factor", 0.02)
                .OldAnnotation("Npgsql:StorageParameter:fillfactor", 85);

            migrationBuilder.CreateIndex(
                name: "ix_deadline_due_at",
                table: "deadline",
                column: "due_at",
                filter: "state in ('Waiting', 'Printing')");
        }
    }
}
