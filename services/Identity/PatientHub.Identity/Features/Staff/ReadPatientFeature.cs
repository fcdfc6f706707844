using System.Security.Claims;
using PatientHub.Appointments.Contracts;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Identity.Domain;
using PatientHub.Identity.Features.Contacts;
using PatientHub.Identity.Persistence;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Identity.Features.Staff;

/// <summary><c>POST /internal/desk/patients/{id}/read</c>: name, date of birth and contacts in full, because staff have to phone. Nobody reads without a line in the audit trail: both or neither.</summary>
public static class ReadPatientFeature
{
    public static void Map(IEndpointRouteBuilder desk) => desk.MapPost("/patients/{id:guid}/read", HandleAsync);

    private static async Task<IResult> HandleAsync(Guid id, ReadPatient read, ClaimsPrincipal user, IdentityDbContext db, IOutbox outbox, DatabaseClock clock, TimeProvider time, HttpContext http, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        if ((await Survivors.OfAsync(db, [id], ct)) is not [var (_, patient)]) return Problems.NotFound();
        outbox.Add(new RecordStaffAct { ActId = read.ActId, Act = StaffActs.PatientRead, StaffId = user.Staff().Id, PatientId = patient.Id, OccurredAt = await clock.UtcNowAsync(ct) });
        await db.SaveChangesAsync(ct);
        var now = time.GetUtcNow();
        return TypedResults.Ok(new StaffPatient
        {
            PatientId = patient.Id,
            FullName = patient.FullName,
            BirthDate = patient.BirthDate,
            NhsNumber = patient.NhsNumber is { } number ? $"{number[..3]} {number[3..6]} {number[6..]}" : null,
            SourceId = patient.SourceId,
            Mobiles = ContactsOf(patient, ContactKind.Mobile, now),
            Emails = ContactsOf(patient, ContactKind.Email, now),
            Address = AddressLines.For(patient, now),
            Language = patient.Language,
            ThroughParent = patient.IsChild(now),
            Deceased = patient.Deceased,
            Restricted = patient.Restricted || patient.IsHiddenFromParents(now),
            MaySignIn = patient.MaySignIn && !patient.IsHiddenFromParents(now),
            LettersOnlyByStaff = patient.LettersOnlyByStaff,
            LettersOnlyByPas = patient.LettersOnly || patient.NoPortal,
            CodesByEmail = patient.CodesByEmail,
        });
    }

    private static List<StaffContact> ContactsOf(Patient patient, ContactKind kind, DateTimeOffset now) =>
    [
        .. patient.Contacts.Where(c => c.Kind == kind).OrderBy(c => c.Rank ?? int.MaxValue).ThenBy(c => c.Position)
            .Select(c => new StaffContact(c.Value, c.FailedAt is not null ? "failed" : !c.IsCurrent(now) ? "not-current" : patient.IsAParents(c, now) ? "parents" : c.DoubtfulSince is not null ? "doubtful" : "used")),
    ];
}
