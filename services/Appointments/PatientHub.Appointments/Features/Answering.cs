using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PatientHub.Appointments.Domain;
using PatientHub.Appointments.Persistence;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Appointments.Features;

/// <summary>
/// What the four answers of a patient have in common: find the patient's own appointment, decide, record, save. An answer that meets another one at the same moment
/// is not applied again by itself: the patient sees what changed (checklist 106). The same answer twice is one answer.
/// </summary>
internal sealed class Answering(AppointmentsDbContext db, DatabaseClock clock, IOptions<TrustOptions> trust, ILogger<Answering> logger)
{
    public delegate Answer Decide(AppointmentView view, DateTimeOffset now);

    public delegate void Announce(AppointmentView view, DateTimeOffset now);

    public async Task<IResult> HandleAsync(
        string name, Guid id, ClaimsPrincipal user, Decide decide, Announce announce, CancellationToken ct, Guid? letterId = null, int? letterVersion = null)
    {
        var now = FhirMapping.Micro(await clock.UtcNowAsync(ct));
        var view = await AppointmentView.MineAsync(db, id, user.PatientId(), now, ct);
        if (view is null) return Problems.NotFound();

        var phone = view.Clinic.Phone ?? trust.Value.BookingPhone;
        var answer = decide(view, now);
        if (answer.Refused is { } refusal) return Refuse(refusal, phone);
        if (!answer.Changed) return TypedResults.NoContent();

        announce(view, now);
        db.Answers.Add(new AnswerRecord(id, view.Appointment.PatientId, user.SessionId(), name, view.Appointment.Revision, letterId, letterVersion, now));
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            return Refuse(Refusal.Superseded, phone);
        }

        AnsweringLog.Answered(logger, id, name, view.Appointment.Version);
        return TypedResults.NoContent();
    }

    // Every "no" of a rule is 409 with the number to phone: whoever is refused has somewhere to go (R21).
    private static IResult Refuse(Refusal refusal, string phone) =>
        Problems.Of(StatusCodes.Status409Conflict, refusal.Code, refusal.Detail, ("phone", phone));
}

internal static partial class AnsweringLog
{
    [LoggerMessage(1, LogLevel.Information, "Appointment {AppointmentId}: {Answer}, version {Version}.")]
    public static partial void Answered(ILogger logger, Guid appointmentId, string answer, int version);
}
