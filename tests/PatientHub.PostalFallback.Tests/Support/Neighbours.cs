using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Letters.Contracts.Http;

namespace PatientHub.PostalFallback.Tests.Support;

/// <summary>Appointments, Letters and Identity as PostalFallback sees them over HTTP, on one loopback port; each can be silent.</summary>
public sealed class Neighbours : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Neighbours(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();
    public ConcurrentDictionary<Guid, AppointmentStanding> Appointments { get; } = new();
    public ConcurrentDictionary<Guid, LetterStanding> Letters { get; } = new();
    public ConcurrentDictionary<Guid, PatientAddress> Addresses { get; } = new();
    public ConcurrentBag<Guid> Printed { get; } = [];

    /// <summary>Letters whose prints come out otherwise than asked for.</summary>
    public ConcurrentDictionary<Guid, Func<Print, Print>> Prints { get; } = new();
    public volatile bool AppointmentsSilent;
    public volatile bool LettersSilent;
    public volatile bool IdentitySilent;

    /// <summary>Runs while a letter is being printed.</summary>
    public Func<Guid, Task>? WhilePrinting { get; set; }

    /// <summary>Runs when a letter has been printed.</summary>
    public Action? AfterPrinting { get; set; }

    public static async Task<Neighbours> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var all = new Neighbours(app);
        app.MapPost("/internal/appointments/standing", (AppointmentStandingQuery query) => all.AppointmentsSilent ? Results.StatusCode(503) : Results.Ok(Known(query.AppointmentIds, all.Appointments)));
        app.MapPost("/internal/letters/standing", (LetterStandingQuery query) => all.LettersSilent ? Results.StatusCode(503) : Results.Ok(Known(query.LetterIds, all.Letters)));
        app.MapPost("/internal/addresses", (PatientQuery query) => all.IdentitySilent ? Results.StatusCode(503) : Results.Ok(Known(query.PatientIds, all.Addresses)));
        app.MapPost("/internal/letters/{letterId:guid}/print", async (Guid letterId, PrintLetter request, HttpResponse response) =>
        {
            if (all.WhilePrinting is { } hook)
                await hook(letterId);
            if (all.LettersSilent)
                return Results.StatusCode(503);
            if (!all.Letters.TryGetValue(letterId, out var letter) || letter.Withdrawn)
                return Results.StatusCode(410);
            all.Printed.Add(letterId);
            response.Headers["Letter-Version"] = letter.LetterVersion.ToString();
            var print = new Print { LetterId = letterId, FullName = request.FullName, Lines = request.AddressLines, Pages = 4 };
            print = all.Prints.TryGetValue(letterId, out var changed) ? changed(print) : print;
            response.Headers["Page-Count"] = print.Pages.ToString();
            all.AfterPrinting?.Invoke();
            return Results.Bytes(print.Pdf(), "application/pdf");
        });
        await app.StartAsync();
        return all;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static TValue[] Known<TValue>(IReadOnlyList<Guid> ids, ConcurrentDictionary<Guid, TValue> rows) where TValue : class =>
        [.. ids.Select(id => rows.GetValueOrDefault(id)).OfType<TValue>()];
}
