using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using PatientHub.Messaging;

namespace PatientHub.Architecture.Tests;

/// <summary>Rolling updates (checklist 26): an instance of the release before runs on against the new schema, so a migration only adds, or says which release stopped using what it takes away.</summary>
public sealed partial class MigrationTests
{
    private static readonly Assembly[] Services =
    [
        typeof(Identity.IdentityHosting).Assembly, typeof(Appointments.AppointmentsHosting).Assembly, typeof(Letters.LettersHosting).Assembly,
        typeof(Notifications.NotificationsHosting).Assembly, typeof(PostalFallback.PostalFallbackHosting).Assembly,
    ];

    public static TheoryData<Type> Migrations => [.. Services.SelectMany(service => service.GetTypes()).Where(type => type.GetCustomAttribute<MigrationAttribute>() is not null).OrderBy(type => type.FullName, StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Migrations))]
    public void Migration_only_adds_or_says_since_when_nobody_uses_what_it_takes_away(Type migration)
    {
        var taken = TakenAway(migration);
        if (migration.GetCustomAttribute<ContractsSchemaAttribute>() is { } said)
            (said.NotUsedSince.Length, taken.Count).ShouldSatisfyAllConditions(x => x.Length.ShouldBeGreaterThan(10), x => x.Count.ShouldBeGreaterThan(0, "it takes nothing away"));
        else
            taken.ShouldBeEmpty($"{migration.Name} breaks instances of the release before: expand, migrate, contract (README of PatientHub.Messaging), or [ContractsSchema]");
    }

    [Fact]
    public void Rule_is_red_for_guilty_migrations() => TakenAway(typeof(GuiltyMigration)).Order().ShouldBe(
        ["alter column t.narrowed", "alter column t.needed", "column t.demanded without a default", "drop column t.gone", "drop table t2", "rename column t.old", "rename table t3", "sql: alter table t rename column a to b"]);

    private static List<string> TakenAway(Type migration) =>
        [.. ((Migration)Activator.CreateInstance(migration)!).UpOperations.Where(operation => !IsNew(operation, migration)).Select(TakesAway).OfType<string>()];

    private static string? TakesAway(MigrationOperation operation) => operation switch
    {
        DropColumnOperation drop => $"drop column {drop.Table}.{drop.Name}",
        DropTableOperation drop => $"drop table {drop.Name}",
        RenameColumnOperation rename => $"rename column {rename.Table}.{rename.Name}",
        RenameTableOperation rename => $"rename table {rename.Name}",
        AlterColumnOperation alter when alter.ColumnType != alter.OldColumn.ColumnType || (!alter.IsNullable && alter.OldColumn.IsNullable) => $"alter column {alter.Table}.{alter.Name}",
        AddColumnOperation { IsNullable: false, DefaultValue: null, DefaultValueSql: null, ComputedColumnSql: null } add => $"column {add.Table}.{add.Name} without a default",
        SqlOperation sql when Removes().IsMatch(sql.Sql) => "sql: " + sql.Sql,
        _ => null,
    };

    // A table that the same migration makes has no older reader.
    private static bool IsNew(MigrationOperation operation, Type migration) => operation is ColumnOperation column
        && ((Migration)Activator.CreateInstance(migration)!).UpOperations.OfType<CreateTableOperation>().Any(made => made.Name == column.Table);

    [GeneratedRegex(@"\b(drop\s+(column|table)|rename\s+(column|to))\b", RegexOptions.IgnoreCase)]
    private static partial Regex Removes();

    private sealed class GuiltyMigration : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn("gone", "t");
            migrationBuilder.DropTable("t2");
            migrationBuilder.RenameColumn("old", "t", "new");
            migrationBuilder.RenameTable("t3", newName: "t4");
            migrationBuilder.AlterColumn<string>("narrowed", "t", type: "varchar(5)", oldClrType: typeof(string), oldType: "text");
            migrationBuilder.AlterColumn<int>("needed", "t", type: "integer", nullable: false, oldClrType: typeof(int), oldType: "integer", oldNullable: true);
            migrationBuilder.AddColumn<int>("demanded", "t", type: "integer", nullable: false);
            migrationBuilder.AddColumn<int>("fine", "t", type: "integer", nullable: true);
            migrationBuilder.Sql("alter table t rename column a to b");
            migrationBuilder.Sql("update t set dropped = 'table'");
        }
    }
}
