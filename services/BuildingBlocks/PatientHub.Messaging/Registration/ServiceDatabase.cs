using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace PatientHub.Messaging;

/// <summary>The service's one DbContext in the current scope, for code that knows no service by name.</summary>
internal sealed record ServiceDbContext(DbContext Db);

/// <summary>Registers a service's own PostgreSQL database.</summary>
public static class ServiceDatabase
{
    /// <summary>
    /// Registers an <see cref="NpgsqlDataSource"/> (singleton, for raw SQL on hot paths), <typeparamref name="TDbContext"/> with snake_case names over it,
    /// <see cref="DatabaseClock"/>, 503 for requests whose database goes away, and the migration of the schema under <c>--migrate</c>. One database per service.
    /// </summary>
    /// <param name="builder">The service's host.</param>
    /// <param name="connectionName">Name in <c>ConnectionStrings</c>, as <c>identitydb</c>.</param>
    /// <exception cref="InvalidOperationException">At first use: the connection string is missing.</exception>
    public static IHostApplicationBuilder AddServiceDatabase<TDbContext>(this IHostApplicationBuilder builder, string connectionName) where TDbContext : DbContext
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => CreateDataSource(provider, connectionName));
        // Options that are the same for every scope are made once: making them anew cost more than many a statement.
        services.AddDbContext<TDbContext>(
            (provider, options) => options.UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>()).UseSnakeCaseNamingConvention(),
            optionsLifetime: ServiceLifetime.Singleton);
        services.AddScoped(provider => new ServiceDbContext(provider.GetRequiredService<TDbContext>()));
        services.AddExceptionHandler<DatabaseOutageHandler>();
        services.AddSingleton<DatabaseClock>();
        services.AddSingleton<IMigrationStep, SchemaMigration<TDbContext>>();
        return builder;
    }

    private static NpgsqlDataSource CreateDataSource(IServiceProvider provider, string connectionName)
    {
        var connectionString = provider.GetRequiredService<IConfiguration>().GetConnectionString(connectionName);
        if (string.IsNullOrEmpty(connectionString))
        {
            // `dotnet ef migrations add` builds the host without a system around it and never connects.
            connectionString = EF.IsDesignTime ? "Host=localhost" : throw new InvalidOperationException($"ConnectionStrings:{connectionName} is missing.");
        }

        // Error detail would carry column values, and with them personal data, into exceptions and so into logs.
        // A statement that a connection has seen five times is prepared: planning is a third to a half of what PostgreSQL does for our short ones.
        // Resetting a connection that goes back to the pool is seven statements when some are prepared: two thirds of all that a campaign asked of PostgreSQL. There is nothing to reset:
        // no session setting, temporary table, LISTEN or session lock is used anywhere (locks are the transaction's).
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { IncludeErrorDetail = false, MaxAutoPrepare = 100, NoResetOnClose = true };
        var source = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        source.UseLoggerFactory(provider.GetRequiredService<ILoggerFactory>());
        return source.Build();
    }
}

internal sealed class SchemaMigration<TDbContext>(IServiceScopeFactory scopes) : IMigrationStep where TDbContext : DbContext
{
    public string Name => $"schema of {typeof(TDbContext).Name}";

    public async Task RunAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<TDbContext>().Database.MigrateAsync(ct);
    }
}
