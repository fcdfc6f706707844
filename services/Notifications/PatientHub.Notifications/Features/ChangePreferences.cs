using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using PatientHub.Appointments.Contracts;
using PatientHub.Messaging;
using PatientHub.Notifications.Consumers;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Contracts.Http;
using PatientHub.Notifications.Domain;
using PatientHub.Notifications.Persistence;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Notifications.Features;

/// <summary>
/// <c>PUT /api/me/preferences</c> by the patient, <c>PUT /api/patients/{patientId}/preferences</c> by the trust (scope trust.admin), <c>POST /internal/desk/patients/{patientId}/opted-out</c> by a member of staff: channel, "also post", opting out and in again
/// (R28, R30, A17). 204; 400 for a channel that is not on record. Saying the same again changes and publishes nothing.
/// </summary>
internal static class ChangePreferences
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPut("/api/me/preferences", (Preferences wanted, ClaimsPrincipal user, NotificationsDbContext db, IOutbox outbox, DatabaseClock clock, JourneyReview review, CancellationToken ct) =>
            HandleAsync(user.PatientId(), _ => wanted, null, db, outbox, clock, review, ct)).RequireAuthorization(Policies.Patient);
        app.MapPut("/api/patients/{patientId:guid}/preferences",
            (Guid patientId, Preferences wanted, NotificationsDbContext db, IOutbox outbox, DatabaseClock clock, JourneyReview review, CancellationToken ct) =>
                HandleAsync(patientId, _ => wanted, null, db, outbox, clock, review, ct)).RequireAuthorization(Policies.Scope(Scopes.TrustAdmin));
        app.MapPost("/internal/desk/patients/{patientId:guid}/opted-out",
            (Guid patientId, OptPatient opt, ClaimsPrincipal user, NotificationsDbContext db, IOutbox outbox, DatabaseClock clock, JourneyReview review, CancellationToken ct) =>
                HandleAsync(patientId, kept => new Preferences { PreferredChannel = kept?.PreferredChannel, AlsoPost = kept?.AlsoPost == true, OptedOut = opt.OptedOut },
                    now => new RecordStaffAct { ActId = opt.ActId, Act = opt.OptedOut ? StaffActs.OptOut : StaffActs.OptIn, StaffId = user.Staff().Id, PatientId = patientId, OccurredAt = now },
                    db, outbox, clock, review, ct)).RequireAuthorization(Policies.Staff);
    }

    private static async Task<IResult> HandleAsync(
        Guid patientId, Func<PatientPreferences?, Preferences> choose, Func<DateTimeOffset, RecordStaffAct>? record, NotificationsDbContext db, IOutbox outbox, DatabaseClock clock, JourneyReview review, CancellationToken ct)
    {
        var now = await clock.UtcNowAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.LockPatientsAsync([patientId], ct);
        var kept = await db.Preferences.SingleOrDefaultAsync(p => p.PatientId == patientId, ct);
        var wanted = choose(kept);
        if (record is null && wanted.PreferredChannel is { } channel && await db.Patients.AsNoTracking().SingleOrDefaultAsync(p => p.PatientId == patientId, ct) is { } flags
            && !(channel == Channel.Sms ? flags.HasMobile : flags.HasEmail))
        {
            return Problems.Of(StatusCodes.Status400BadRequest, "channel-not-on-record", channel == Channel.Sms
                ? "We hold no mobile number for you. Choose email, or ask the hospital to add your number."
                : "We hold no email address for you. Choose text message, or ask the hospital to add your address.");
        }

        if (kept is null) db.Preferences.Add(kept = new PatientPreferences { PatientId = patientId, ChangedAt = now });
        var optedOutBefore = kept.OptedOut;
        var changed = kept.PreferredChannel != wanted.PreferredChannel || kept.AlsoPost != wanted.AlsoPost;
        (kept.PreferredChannel, kept.AlsoPost, kept.OptedOut, kept.ChangedAt) = (wanted.PreferredChannel, wanted.AlsoPost, wanted.OptedOut, now);

        if (changed) outbox.Add(new PreferencesChanged { PatientId = patientId, PreferredChannel = wanted.PreferredChannel, AlsoPost = wanted.AlsoPost, OccurredAt = now });
        if (wanted.OptedOut && !optedOutBefore) outbox.Add(new PatientOptedOut { PatientId = patientId, OccurredAt = now });
        if (!wanted.OptedOut && optedOutBefore) outbox.Add(new PatientOptedIn { PatientId = patientId, OccurredAt = now });
        if (record is not null) outbox.Add(record(now));
        await db.SaveChangesAsync(ct);
        if (wanted.OptedOut != optedOutBefore) await review.RunAsync([patientId], ct);
        await transaction.CommitAsync(ct);
        return Results.NoContent();
    }
}
