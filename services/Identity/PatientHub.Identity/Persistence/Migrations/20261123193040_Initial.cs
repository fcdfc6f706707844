using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace PatientHub.Identity.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "codes_sent",
                columns: table => new
                {
                    destination = table.Column<byte[]>(type: "bytea", nullable: false),
                    sent_at = table.Column<DateTimeOffset[]>(type: "timestamp with time zone[]", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_codes_sent", x => x.destination);
                });

            migrationBuilder.CreateTable(
                name: "inbox_message",
                columns: table => new
                {
                    message_id = table.Column<Guid>(type: "uuid", nullable: false),
                    endpoint = table.Column<string>(type: "text", nullable: false),
                    received_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_inbox_message", x => new { x.message_id, x.endpoint });
                });

            migrationBuilder.CreateTable(
                name: "intake_warning",
                columns: table => new
                {
                    patient_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    element = table.Column<string>(type: "text", nullable: false),
                    text = table.Column<string>(type: "text", nullable: false),
                    received_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_intake_warning", x => new { x.patient_id, x.number });
                });

            migrationBuilder.CreateTable(
                name: "outbox_message",
                columns: table => new
                {
                    sequence = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    message_id = table.Column<Guid>(type: "uuid", nullable: false),
                    type = table.Column<string>(type: "text", nullable: false),
                    body = table.Column<string>(type: "jsonb", nullable: false),
                    subject = table.Column<string>(type: "text", nullable: true),
                    conversation_id = table.Column<Guid>(type: "uuid", nullable: true),
                    trace_parent = table.Column<string>(type: "text", nullable: true),
                    trace_state = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                    not_before = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    parked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_error = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_outbox_message", x => x.sequence);
                });

            migrationBuilder.CreateTable(
                name: "patient",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    source_system = table.Column<string>(type: "text", nullable: false),
                    source_id = table.Column<string>(type: "text", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    record_version = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    first_name = table.Column<string>(type: "text", nullable: false),
                    full_name = table.Column<string>(type: "text", nullable: false),
                    family_name = table.Column<string>(type: "text", nullable: true),
                    birth_date = table.Column<DateOnly>(type: "date", nullable: true),
                    nhs_number = table.Column<string>(type: "text", nullable: true),
                    nhs_number_verified = table.Column<bool>(type: "boolean", nullable: false),
                    unverified_nhs_number = table.Column<string>(type: "text", nullable: true),
                    addresses = table.Column<string>(type: "jsonb", nullable: false),
                    language = table.Column<string>(type: "text", nullable: false),
                    format = table.Column<short>(type: "smallint", nullable: false),
                    signs = table.Column<bool>(type: "boolean", nullable: false),
                    deceased = table.Column<bool>(type: "boolean", nullable: false),
                    restricted = table.Column<bool>(type: "boolean", nullable: false),
                    letters_only = table.Column<bool>(type: "boolean", nullable: false),
                    no_portal = table.Column<bool>(type: "boolean", nullable: false),
                    active = table.Column<bool>(type: "boolean", nullable: false),
                    linked = table.Column<bool>(type: "boolean", nullable: false),
                    codes_by_email = table.Column<bool>(type: "boolean", nullable: false),
                    link_token = table.Column<string>(type: "text", nullable: false),
                    uvc = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_patient", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "quarantined_record",
                columns: table => new
                {
                    patient_id = table.Column<Guid>(type: "uuid", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    record_version = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    received_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    task_id = table.Column<Guid>(type: "uuid", nullable: false),
                    details = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_quarantined_record", x => x.patient_id);
                });

            migrationBuilder.CreateTable(
                name: "session",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    patient_id = table.Column<Guid>(type: "uuid", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ends_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_session", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "sign_in_counter",
                columns: table => new
                {
                    key = table.Column<byte[]>(type: "bytea", nullable: false),
                    wrong_tries = table.Column<int>(type: "integer", nullable: false),
                    failed_sign_ins = table.Column<int>(type: "integer", nullable: false),
                    open_since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_failure_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    wait_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sign_in_counter", x => x.key);
                });

            migrationBuilder.CreateTable(
                name: "wrong_try_minute",
                columns: table => new
                {
                    minute = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    real = table.Column<int>(type: "integer", nullable: false),
                    decoy = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_wrong_try_minute", x => x.minute);
                });

            migrationBuilder.CreateTable(
                name: "patient_contact",
                columns: table => new
                {
                    patient_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<short>(type: "smallint", nullable: false),
                    value = table.Column<string>(type: "text", nullable: false),
                    rank = table.Column<int>(type: "integer", nullable: true),
                    position = table.Column<int>(type: "integer", nullable: false),
                    valid_from = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    valid_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    added_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    failed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_patient_contact", x => new { x.patient_id, x.kind, x.value });
                    table.ForeignKey(
                        name: "fk_patient_contact_patients_patient_id",
                        column: x => x.patient_id,
                        principalTable: "patient",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_codes_sent_updated_at",
                table: "codes_sent",
                column: "updated_at");

            migrationBuilder.CreateIndex(
                name: "ix_inbox_message_received_at",
                table: "inbox_message",
                column: "received_at");

            migrationBuilder.CreateIndex(
                name: "ix_intake_warning_received_at",
                table: "intake_warning",
                column: "received_at");

            migrationBuilder.CreateIndex(
                name: "ix_outbox_message_not_before",
                table: "outbox_message",
                column: "not_before",
                filter: "parked_at is null and not_before is not null");

            migrationBuilder.CreateIndex(
                name: "ix_outbox_message_parked_at",
                table: "outbox_message",
                column: "parked_at",
                filter: "parked_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_outbox_message_sequence",
                table: "outbox_message",
                column: "sequence",
                filter: "parked_at is null and not_before is null");

            migrationBuilder.CreateIndex(
                name: "ix_patient_link_token",
                table: "patient",
                column: "link_token",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_patient_nhs_number",
                table: "patient",
                column: "nhs_number");

            migrationBuilder.CreateIndex(
                name: "ix_patient_source_system_source_id",
                table: "patient",
                columns: new[] { "source_system", "source_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_patient_contact_value_kind",
                table: "patient_contact",
                columns: new[] { "value", "kind" });

            migrationBuilder.CreateIndex(
                name: "ix_session_ends_at",
                table: "session",
                column: "ends_at");

            migrationBuilder.CreateIndex(
                name: "ix_session_patient_id",
                table: "session",
                column: "patient_id",
                filter: "ended_at is null");

            migrationBuilder.CreateIndex(
                name: "ix_sign_in_counter_updated_at",
                table: "sign_in_counter",
                column: "updated_at");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "codes_sent");

            migrationBuilder.DropTable(
                name: "inbox_message");

            migrationBuilder.DropTable(
                name: "intake_warning");

            migrationBuilder.DropTable(
                name: "outbox_message");

            migrationBuilder.DropTable(
                name: "patient_contact");

            migrationBuilder.DropTable(
                name: "quarantined_record");

            migrationBuilder.DropTable(
                name: "session");

            migrationBuilder.DropTable(
                name: "sign_in_counter");

            migrationBuilder.DropTable(
                name: "wrong_try_minute");

            migrationBuilder.DropTable(
                name: "patient");
        }
    }
}
