using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PatientHub.Notifications.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class OneOwnerPerText : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Two attempts that took one text for their own, before this index was there: the first keeps it.
            migrationBuilder.Sql("""
                update attempt set provider_id = null where id in (
                    select id from (select id, row_number() over (partition by provider_id order by accepted_at nulls last, id) as place from attempt where provider_id is not null and channel = 'Sms') taken where place > 1)
                """);

            migrationBuilder.CreateIndex(
                name: "ux_attempt_text",
                table: "attempt",
                column: "provider_id",
                unique: true,
                filter: "provider_id is not null and channel = 'Sms'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ux_attempt_text",
                table: "attempt");
        }
    }
}
