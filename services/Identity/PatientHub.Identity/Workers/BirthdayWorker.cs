using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PatientHub.Appointments.Contracts;
using PatientHub.Calendar;
using PatientHub.Identity.Contracts;
using PatientHub.Identity.Domain;
using PatientHub.Identity.Features.Intake;
using PatientHub.Identity.Persistence;
using PatientHub.Messaging;

namespace PatientHub.Identity.Workers;

/// <summary>A31: when the hospital looks at a growing child's contacts.</summary>
public sealed class AgeOptions
{
    public const string Section = "Age";

    /// <summary>Years at which who reads the messages is looked at.</summary>
    [Range(10, 15)]
    public int ReviewAt { get; init; } = 13;

    /// <summary>How long before the 16th birthday both are told.</summary>
    public TimeSpan AnnounceBefore { get; init; } = TimeSpan.FromDays(56);

    /// <summary>How often birthdays are looked for.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromHours(1);
}

/// <summary>
/// A31. At 13 and eight weeks before 16 a person looks, and then parent and young person get a message and a letter; at 16 sessions end, everybody hears that contacts have changed, the young person gets a letter, and a person asks for the young person's own. That a parent's contact stops
/// does not wait for this worker: it is a rule of the record (<see cref="Patient.IsAParents"/>). Each step is done once for each patient; what lies more than a year back is nobody's news.
/// </summary>
public sealed partial class BirthdayWorker(IServiceScopeFactory scopes, IOptions<AgeOptions> options, TimeProvider time, ILogger<BirthdayWorker> logger) : BackgroundService
{
    private const int Most = 500;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.LookEvery, time);
        do
        {
            try
            {
                while (await RunOnceAsync(stoppingToken) == Most)
                    Log.More(logger, Most);
            }
            catch (Exception fault) when (fault is System.Data.Common.DbException or TimeoutException or DbUpdateException or InvalidOperationException { InnerException: System.Data.Common.DbException })
            {
                Log.Failed(logger, fault.GetType().Name);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <returns>Patients who were looked at.</returns>
    public async Task<int> RunOnceAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (db, outbox, events, clock) = (scope.ServiceProvider.GetRequiredService<IdentityDbContext>(), scope.ServiceProvider.GetRequiredService<IOutbox>(),
            scope.ServiceProvider.GetRequiredService<PatientEvents>(), scope.ServiceProvider.GetRequiredService<DatabaseClock>());
        var now = await clock.UtcNowAsync(ct);
        var today = LondonTime.DateOf(now);
        var announceFrom = LondonTime.DateOf(now + options.Value.AnnounceBefore).AddYears(-16);
        var (review, sixteen) = (today.AddYears(-options.Value.ReviewAt), today.AddYears(-16));
        var due = await db.Patients.AsNoTracking().IgnoreAutoIncludes()
            .Where(p => p.Active && p.MergedInto == null && !p.Deceased
                && ((p.AgeStep < AgeStep.Reviewed && p.BirthDate <= review && p.BirthDate > review.AddYears(-1))
                    || (p.AgeStep < AgeStep.Announced && p.BirthDate <= announceFrom && p.BirthDate > sixteen)
                    || (p.AgeStep < AgeStep.Sixteen && p.BirthDate <= sixteen && p.BirthDate > sixteen.AddYears(-1))))
            .OrderBy(p => p.Id).Select(p => p.Id).Take(Most).ToListAsync(ct);
        foreach (var id in due)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            await PatientLock.TakeAsync(db, id, ct);
            var patient = await db.Patients.AsTracking().SingleAsync(p => p.Id == id, ct);
            await StepAsync(patient, patient.BirthDate <= sixteen ? AgeStep.Sixteen : patient.BirthDate <= announceFrom ? AgeStep.Announced : AgeStep.Reviewed, events, outbox, now, ct);
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            db.ChangeTracker.Clear();
        }

        return due.Count;
    }

    private static async Task StepAsync(Patient patient, AgeStep step, PatientEvents events, IOutbox outbox, DateTimeOffset now, CancellationToken ct)
    {
        if (patient.AgeStep >= step) return;
        patient.Aged(step);
        var known = patient.Contacts.Count > 0;
        switch (step)
        {
            case AgeStep.Reviewed when known:
                events.Task(TaskIdOf("age-review", patient), TaskCodes.ContactDoubtful, patient.Id, alarmed: false, "This patient is now old enough for a review: ask whether the messages should go to the parent, to the patient or to both, and whether anything must not go to the parents.", now);
                break;
            case AgeStep.Announced when known:
                events.Task(TaskIdOf("age-announced", patient), TaskCodes.TelephonePatient, patient.Id, alarmed: false, Announcement(patient, now), now);
                if (!patient.IsHiddenFromParents(now))
                    outbox.Add(new ContactsEndAnnounced { PatientId = patient.Id, Version = patient.Version, OccurredAt = now });
                break;
            case AgeStep.Sixteen when patient.Contacts.Any(c => patient.IsAParents(c, now)):
                events.Task(TaskIdOf("age-sixteen", patient), TaskCodes.ContactDoubtful, patient.Id, alarmed: false, "This patient is 16. The parent's contacts are not used any more, and letters are addressed to the young person; one that says so is in the post. Ask for the young person's own contacts; if those on record are the young person's, confirm them.", now);
                outbox.Add(new ContactsEnded { PatientId = patient.Id, Version = patient.Version, OccurredAt = now });
                await events.EndSessionsAsync(patient.Id, now, ct);
                break;
        }

        // The state may say otherwise from today on: no contacts, or no longer hidden from parents.
        outbox.Add(new PatientDetailsChanged { Patient = PatientEvents.State(patient, now), ContactsChanged = step == AgeStep.Sixteen, AddressChanged = false, OccurredAt = now });
    }

    /// <summary>Message and letter reach the young person through the parents: nobody knows yet how to reach the young person alone. So a person always asks.</summary>
    private static string Announcement(Patient patient, DateTimeOffset now)
    {
        const string own = "Ask for the young person's own mobile number or email address.";
        if (patient.IsHiddenFromParents(now))
            return "This patient will be 16 within eight weeks. The record says “not to parents”: tell the young person alone, by the safe route, that the contacts on record stop then. " + own;
        const string soon = "This patient will be 16 within eight weeks, and messages to the parent stop then. ";
        if (!patient.MayBeSentTo)
            return soon + "Nothing can be sent about it: tell the parent and the young person. " + own;
        var byMessage = !patient.EverythingByPost && (patient.NotifiableContacts(ContactKind.Mobile, now).Any() || patient.NotifiableContacts(ContactKind.Email, now).Any());
        return soon + (byMessage ? "The hub tells the contacts on record, unless the patient has opted out, and posts a letter for both. " : "The hub posts a letter for both. ") + own;
    }

    // With the version: after a corrected date of birth the same is asked again.
    private static Guid TaskIdOf(string what, Patient patient) => TaskIds.ForContent($"{what}{patient.Id:N}{patient.Version}");

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Looked at {Count} birthdays; there are more.")]
        public static partial void More(ILogger logger, int count);

        [LoggerMessage(LogLevel.Warning, "Birthdays were not looked at ({Exception}); the next round tries again.")]
        public static partial void Failed(ILogger logger, string exception);
    }
}
