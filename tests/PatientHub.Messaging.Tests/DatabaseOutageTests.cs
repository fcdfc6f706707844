using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PatientHub.Testing;

namespace PatientHub.Messaging.Tests;

/// <summary>What a request answers whose database dies under it (checklist 17, 18): 503, never 500; and what is a defect stays one.</summary>
public sealed class DatabaseOutageTests(RabbitMqServer rabbit, PostgresServer postgres) : MessagingTest(rabbit, postgres)
{
    private const string KillItself = "select pg_terminate_backend(pg_backend_pid())";

    [Theory]
    [InlineData("/driver", 503)] // the driver's own exception, as it comes
    [InlineData("/other-words", 503)] // the driver or our own code throws something else afterwards
    [InlineData("/uses-on", 503)] // the next statement meets a transaction that is gone
    [InlineData("/commits", 503)]
    [InlineData("/without-transaction", 503)]
    [InlineData("/outside", 503)] // somebody else ends the backend between two statements
    [InlineData("/healed", 500)] // the connection came back, and then the code was wrong
    [InlineData("/defect", 500)]
    [InlineData("/no-database", 500)]
    public async Task Request_whose_database_is_lost_is_told_to_come_again(string path, int status)
    {
        await using var app = await StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        using var answer = await http.GetAsync(path, Ct);
        answer.StatusCode.ShouldBe((HttpStatusCode)status);
        if (status != 503) return;
        answer.Headers.RetryAfter.ShouldNotBeNull();
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Ct)).RootElement.GetProperty("code").GetString().ShouldBe("unavailable");

        // The next one has a connection of its own.
        (await http.GetAsync("/works", Ct)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["ConnectionStrings:notesdb"] = Database });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddProblemDetails();
        builder.AddServiceDatabase<NotesDbContext>("notesdb");
        var app = builder.Build();
        app.UseExceptionHandler();
        app.MapGet("/works", async (NotesDbContext db) => await db.Database.ExecuteSqlRawAsync("select 1"));
        app.MapGet("/driver", (NotesDbContext db) => InTransactionAsync(db, () => db.Database.ExecuteSqlRawAsync(KillItself)));
        app.MapGet("/other-words", (NotesDbContext db) => InTransactionAsync(db, async () =>
        {
            await DieAsync(db);
            throw new InvalidOperationException("a sentence of the driver's");
        }));
        app.MapGet("/uses-on", (NotesDbContext db) => InTransactionAsync(db, async () =>
        {
            await DieAsync(db);
            await db.Database.ExecuteSqlRawAsync("select 1");
        }));
        app.MapGet("/commits", async (NotesDbContext db) =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            await db.Database.ExecuteSqlRawAsync("select 1");
            await DieAsync(db);
            await transaction.CommitAsync();
        });
        app.MapGet("/without-transaction", (NotesDbContext db) => db.Database.ExecuteSqlRawAsync(KillItself));
        app.MapGet("/outside", (NotesDbContext db) => InTransactionAsync(db, async () =>
        {
            var backend = (await db.Database.SqlQuery<int>($"select pg_backend_pid() as \"Value\"").ToListAsync()).Single();
            await SqlAsync($"select pg_terminate_backend({backend})");
            await db.Database.ExecuteSqlRawAsync("select 1");
        }));
        app.MapGet("/healed", async (NotesDbContext db) =>
        {
            await DieAsync(db);
            await db.Database.ExecuteSqlRawAsync("select 1");
            throw new InvalidOperationException("a defect");
        });
        app.MapGet("/defect", (NotesDbContext db) => InTransactionAsync(db, async () =>
        {
            await db.Database.ExecuteSqlRawAsync("select 1");
            throw new InvalidOperationException("a defect");
        }));
        app.MapGet("/no-database", IResult () => throw new InvalidOperationException("a defect"));
        await app.StartAsync(Ct);
        return app;
    }

    private static async Task InTransactionAsync(NotesDbContext db, Func<Task> work)
    {
        await using var transaction = await db.Database.BeginTransactionAsync();
        await work();
    }

    private static async Task DieAsync(NotesDbContext db) => await Should.ThrowAsync<Exception>(() => db.Database.ExecuteSqlRawAsync(KillItself));
}
