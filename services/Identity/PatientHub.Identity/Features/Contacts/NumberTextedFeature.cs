using Microsoft.EntityFrameworkCore;
using PatientHub.Identity.Contracts;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Identity.Domain;
using PatientHub.Identity.Features.Intake;
using PatientHub.Identity.Persistence;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults.Auth;

namespace PatientHub.Identity.Features.Contacts;

/// <summary><c>POST /internal/contacts/texting</c>: a number was texted from. STOP counts as no mobile on every record that has it, START takes it back (R14).</summary>
public static class NumberTextedFeature
{
    private const int MostRecords = 50;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/internal/contacts/texting", HandleAsync).RequireAuthorization(Policies.Scope(Scopes.ContactsRead));

    private static async Task<IResult> HandleAsync(NumberTexted request, IdentityDbContext db, IOutbox outbox, DatabaseClock clock, HttpContext http, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        var now = await clock.UtcNowAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var ids = await db.Patients.Where(p => p.Contacts.Any(c => c.Kind == ContactKind.Mobile && c.Value == request.Mobile)).OrderBy(p => p.Id).Select(p => p.Id).Take(MostRecords).ToListAsync(ct);
        var owners = new List<NumberOwner>();
        foreach (var id in ids)
        {
            await PatientLock.TakeAsync(db, id, ct);
            var patient = await db.Patients.AsTracking().SingleAsync(p => p.Id == id, ct);
            if (request.Stopped is { } stopped && patient.SetTexting(request.Mobile, stopped, now))
                outbox.Add(new PatientDetailsChanged { Patient = PatientEvents.State(patient, now), ContactsChanged = false, AddressChanged = false, OccurredAt = now });
            owners.Add(new NumberOwner
            {
                PatientId = id,
                HasAnotherContact = patient.NotifiableContacts(ContactKind.Mobile, now).Concat(patient.NotifiableContacts(ContactKind.Email, now)).Any(c => c.Value != request.Mobile),
                Language = patient.Language,
                MaySend = patient.MayBeSentTo,
            });
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(owners);
    }
}
