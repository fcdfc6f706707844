using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Appointments.Domain;
using PatientHub.Appointments.Persistence;
using PatientHub.Fhir;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Appointments.Features;

/// <summary>
/// <c>PUT /api/clinics/{sourceId}/settings</c>: what the trust sets for a clinic, known to the PAS already or not. Appointments that were booked after the mode's start
/// and were waiting for these settings invite now (R1); a mode that is taken away drops no letter already promised.
/// </summary>
internal static partial class PutClinicSettings
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPut("/clinics/{sourceId}/settings", HandleAsync);

    private static async Task<IResult> HandleAsync(
        string sourceId, ClinicSettings settings, SourceIds ids, AppointmentsDbContext db, IOutbox outbox, DatabaseClock clock, IOptions<AppointmentsOptions> options,
        ILogger<Clinic> logger, CancellationToken ct)
    {
        if (Validate(sourceId, settings) is { } problem) return problem;
        await ApplyAsync(sourceId, settings, ids, db, outbox, FhirMapping.Micro(await clock.UtcNowAsync(ct)), options.Value.SourceSystem, logger, ct);
        return TypedResults.NoContent();
    }

    internal static async System.Threading.Tasks.Task ApplyAsync(
        string sourceId, ClinicSettings settings, SourceIds ids, AppointmentsDbContext db, IOutbox outbox, DateTimeOffset now, string sourceSystem, ILogger logger, CancellationToken ct)
    {
        var id = ids.Clinic(sourceSystem, sourceId);
        await Retry.OnConflictAsync(db, async () =>
        {
            // The lock lets no appointment be taken between the look at the clinic's appointments and the commit (PutAppointment holds it shared).
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var clinic = (await db.Clinics.FromSql($"select *, xmin from clinic where id = {id} for update").ToListAsync(ct)).SingleOrDefault();
            if (clinic is null) db.Add(clinic = new Clinic(id, sourceSystem, sourceId, settings.DisplayName));
            clinic.Configure(settings);
            var promised = 0;
            foreach (var appointment in await db.Appointments.Where(a => a.ClinicId == id && a.PasStatus == PasStatus.Booked && a.Start > now && !a.Promised).ToListAsync(ct))
            {
                if (!appointment.PromiseUnder(clinic, now)) continue;
                AppointmentEvents.Add(outbox, new PasChange.Changed(RevisionRaised: false, PreviousStart: null), appointment, clinic, now);
                promised++;
            }

            var task = await db.Tasks.SingleOrDefaultAsync(t => t.Id == ids.For("patienthub", "Task", $"unknown-clinic:{id}"), ct);
            task?.Close(TaskOutcome.Done, "settings", now);
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            Log.Configured(logger, id, settings.Mode, promised);
            return promised;
        });
    }

    internal static IResult? Validate(string sourceId, ClinicSettings settings)
    {
        var errors = new Dictionary<string, string[]>();
        if (sourceId.Length > 200 || sourceId.Any(char.IsControl)) errors["sourceId"] = ["At most 200 characters."];
        if (string.IsNullOrWhiteSpace(settings.DisplayName) || settings.DisplayName.Length > 200) errors["displayName"] = ["Give the name patients read, at most 200 characters."];
        if (string.IsNullOrWhiteSpace(settings.Phone) || settings.Phone.Length > 40) errors["phone"] = ["Give the phone number for changes: it stands on every letter."];
        if (!Enum.IsDefined(settings.Mode)) errors["mode"] = ["Full, AcceptOnly, ViewOnly or Hidden."];
        if (!Enum.IsDefined(settings.LetterSource)) errors["letterSource"] = ["Template or Pas."];
        if (settings.PostalNoticeDays is < 0 or > 60) errors["postalNoticeDays"] = ["0 to 60."];
        if (settings.Preparation?.Length > FhirMapping.MaxPreparation) errors["preparation"] = [$"At most {FhirMapping.MaxPreparation} characters."];
        if (new[] { settings.DisplayName, settings.Phone, settings.PhoneHours, settings.LetterTemplate, settings.Preparation }.Any(t => t?.Contains('\0', StringComparison.Ordinal) == true))
            errors["settings"] = ["No text may contain the character U+0000."];
        return errors.Count == 0 ? null : Problems.Of(StatusCodes.Status400BadRequest, "invalid-settings", "The settings were not taken.", ("errors", errors));
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Clinic {ClinicId} is {Mode}; {Promised} waiting appointments invite now.")]
        public static partial void Configured(ILogger logger, Guid clinicId, ClinicMode mode, int promised);
    }
}
