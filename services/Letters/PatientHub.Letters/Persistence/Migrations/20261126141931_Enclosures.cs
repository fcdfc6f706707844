using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PatientHub.Letters.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class Enclosures : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "title",
                table: "letter_version",
                type: "character varying(200)",
                maxLength: 200,
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "withdrawn",
                table: "letter_version",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            // Of a version that had ended before, nobody can say whether it was replaced or taken back: in doubt it stays hidden (A34).
            migrationBuilder.Sql("update letter_version set withdrawn = true where ended_at is not null");

            migrationBuilder.AddColumn<Guid>(
                name: "clinic_id",
                table: "appointment_copy",
                type: "uuid",
                nullable: false,
                defaultValue: new Guid("00000000-0000-0000-0000-000000000000"));

            migrationBuilder.CreateTable(
                name: "enclosure_file",
                columns: table => new
                {
                    file_id = table.Column<Guid>(type: "uuid", nullable: false),
                    title = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    html = table.Column<string>(type: "text", nullable: true),
                    pdf = table.Column<byte[]>(type: "bytea", nullable: true),
                    pdf_bytes = table.Column<long>(type: "bigint", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_enclosure_file", x => x.file_id);
                    table.CheckConstraint("ck_enclosure_file_one", "(html is null) <> (pdf is null)");
                });

            migrationBuilder.CreateTable(
                name: "clinic_enclosure",
                columns: table => new
                {
                    clinic_id = table.Column<Guid>(type: "uuid", nullable: false),
                    enclosure_key = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    file_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_clinic_enclosure", x => new { x.clinic_id, x.enclosure_key });
                    table.ForeignKey(
                        name: "fk_clinic_enclosure_enclosure_file_file_id",
                        column: x => x.file_id,
                        principalTable: "enclosure_file",
                        principalColumn: "file_id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "letter_enclosure",
                columns: table => new
                {
                    letter_id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    file_id = table.Column<Guid>(type: "uuid", nullable: false),
                    of_clinic = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_letter_enclosure", x => new { x.letter_id, x.version, x.number });
                    table.ForeignKey(
                        name: "fk_letter_enclosure_enclosure_file_file_id",
                        column: x => x.file_id,
                        principalTable: "enclosure_file",
                        principalColumn: "file_id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_letter_enclosure_letter_version_letter_id_version",
                        columns: x => new { x.letter_id, x.version },
                        principalTable: "letter_version",
                        principalColumns: new[] { "letter_id", "version" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_clinic_enclosure_file_id",
                table: "clinic_enclosure",
                column: "file_id");

            migrationBuilder.CreateIndex(
                name: "ix_letter_enclosure_file_id",
                table: "letter_enclosure",
                column: "file_id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "clinic_enclosure");

            migrationBuilder.DropTable(
                name: "letter_enclosure");

            migrationBuilder.DropTable(
                name: "enclosure_file");

            migrationBuilder.DropColumn(
                name: "title",
                table: "letter_version");

            migrationBuilder.DropColumn(
                name: "withdrawn",
                table: "letter_version");

            migrationBuilder.DropColumn(
                name: "clinic_id",
                table: "appointment_copy");
        }
    }
}
