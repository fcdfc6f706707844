using System.Security.Cryptography;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Options;
using PatientHub.Appointments.Contracts;
using PatientHub.Calendar;
using PatientHub.Fhir;
using PatientHub.Letters.Clients;
using PatientHub.Letters.Domain;
using PatientHub.Letters.Persistence;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults;
using PatientHub.ServiceDefaults.Auth;
using Task = System.Threading.Tasks.Task;

namespace PatientHub.Letters.Features;

/// <summary>
/// <c>PUT /fhir/DocumentReference/{id}</c>: a letter of the PAS.
/// <list type="number">
/// <item>Read what is usable: an inline PDF or HTML. An attachment by address is reported, never fetched.</item>
/// <item>Older than what we have: 412. The same again: 200, nothing changes.</item>
/// <item>Entered in error, or another subject than before: hidden and recalled at once, "possible disclosure" (A34).</item>
/// <item>Else the next version, announced with its appointment's revision; a template letter that stood in for it is withdrawn.</item>
/// </list>
/// </summary>
public static class PutDocument
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/fhir/DocumentReference/{id}", (FhirInput<DocumentReference> input, DocumentIntake intake, CancellationToken ct) =>
            input.Refused(out var problem) ? Task.FromResult(problem) : intake.TakeAsync(input, ct)).RequireAuthorization(Policies.Scope(Scopes.FhirWrite));
}

/// <summary>Takes one document in.</summary>
public sealed class DocumentIntake(
    LettersDbContext db, LetterIssue issue, IOutbox outbox, SourceIds ids, DatabaseClock clock, AttachmentReader attachments, IOptions<LettersOptions> options, IOptions<TrustOptions> trust)
{
    public async Task<FhirResult> TakeAsync(FhirInput<DocumentReference> input, CancellationToken ct)
    {
        var document = input.Resource;
        if (!ReferenceTo.TryGet(document.Subject, "Patient", out var patientSourceId))
            return FhirResult.Refused(StatusCodes.Status422UnprocessableEntity, OperationOutcome.IssueType.Required, "DocumentReference.subject", "A letter needs a reference to its Patient.");
        var letterId = ids.Letter(input.SourceSystem, input.SourceId);
        // What is taken back is not read: a damaged file must not keep a letter in sight.
        var content = IsTakenBack(document) ? DocumentContent.Nothing : attachments.Read(document);   // Step 1
        if (content.Refusal is { } refusal) return await RefuseUnreadableAsync(refusal, document, input.SourceSystem, letterId, ids.Patient(input.SourceSystem, patientSourceId), ct);

        var appointmentId = AppointmentOf(document, input.SourceSystem);
        var hash = Hash(document);
        var now = await clock.UtcNowAsync(ct);

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.LockAsync(appointmentId ?? letterId, ct);
        if (appointmentId is not null) await db.LockAsync(letterId, ct);
        var named = ids.Patient(input.SourceSystem, patientSourceId);
        var patientId = await db.SurvivorOfAsync(named, ct);
        var letter = await db.Letters.SingleOrDefaultAsync(l => l.LetterId == letterId, ct);
        if (letter is not null)
        {
            if (letter.SourceHash is { } known && known.AsSpan().SequenceEqual(hash)) return await SameAgainAsync(letter, input.Version, content, transaction, ct);   // Step 2
            if (letter.SourceVersion > input.Version) return FhirResult.Older("DocumentReference");
        }

        var created = letter is null;
        if (letter is not null && letter.PatientId != patientId) return await RefuseOtherSubjectAsync(letter, transaction, now, ct);   // Step 3
        var appointment = appointmentId is null ? null : await db.Appointments.SingleOrDefaultAsync(a => a.AppointmentId == appointmentId, ct);
        if (appointment is not null && appointment.PatientId != patientId)
        {
            Raise("document-for-other-patient", TaskCodes.RecordConflict, letterId, patientId, appointmentId, now,
                "The hospital system sent a letter that names one patient, and an appointment of another. The letter was refused.");
            await SaveAsync(transaction, ct);
            return FhirResult.Refused(StatusCodes.Status422UnprocessableEntity, OperationOutcome.IssueType.BusinessRule, "DocumentReference.context.related", "The appointment belongs to another patient.");
        }

        if (letter is null) db.Letters.Add(letter = Letter.FromPas(letterId, patientId, appointmentId));
        else if (letter.AppointmentId != appointmentId) await MoveAsync(letter, appointmentId, now, ct);
        // A30: whose it is if the merge is ever taken back. The PAS's last word counts.
        (letter.MergedFrom, letter.MergedAt) = named == patientId ? ((Guid?)null, (DateTimeOffset?)null) : (named, letter.MergedAt ?? now);
        letter.SourceVersion = input.Version;
        letter.SourceHash = hash;
        Report(content.Warnings, input.SourceSystem, letterId, now);
        var current = letter.CurrentVersion == 0 ? null : await db.Versions.SingleAsync(v => v.LetterId == letterId && v.Version == letter.CurrentVersion, ct);
        if (document.Status == DocumentReferenceStatus.EnteredInError || document.DocStatus == CompositionStatus.EnteredInError) EnterInError(letter, current, now);
        else if (document.Status == DocumentReferenceStatus.Superseded) issue.Withdraw(letter, current, now);
        else if (content.HasText)
        {
            await WithdrawReplacedAsync(document, input.SourceSystem, patientId, now, ct);
            await db.SaveChangesAsync(ct);   // what was replaced no longer counts when the appointment's own letter is looked for
            await AddVersionAsync(letter, current, content, document, appointment, now, ct);   // Step 4
            if (content.LacksEnclosure)
                Raise($"enclosure-missing-v{letter.CurrentVersion}", TaskCodes.Undeliverable, letterId, patientId, letter.AppointmentId, now,
                    "An enclosure of this letter could not be read. The letter is shown and posted without it: send the enclosure by hand.");
        }

        await SaveAsync(transaction, ct);
        return FhirResult.Taken(created, content.Warnings);
    }

    private static bool IsTakenBack(DocumentReference document) =>
        document.Status is DocumentReferenceStatus.EnteredInError or DocumentReferenceStatus.Superseded || document.DocStatus == CompositionStatus.EnteredInError;

    /// <summary>A letter that nobody can read is not shown, and people must know within minutes (A29): the feed's client may only log the 422.</summary>
    private async Task<FhirResult> RefuseUnreadableAsync(FhirIssue refusal, DocumentReference document, string sourceSystem, Guid letterId, Guid patientId, CancellationToken ct)
    {
        var now = await clock.UtcNowAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        Report([refusal], sourceSystem, letterId, now);
        // The same file again is the same task; another one that cannot be read either is another.
        Raise("document-unreadable-" + Convert.ToHexString(Hash(document)), TaskCodes.Undeliverable, letterId, await db.SurvivorOfAsync(patientId, ct), appointmentId: null, now,
            "The hospital system sent a letter whose file is damaged, too large or not allowed. It is not shown and not posted: send it again, or by hand.");
        await SaveAsync(transaction, ct);
        return FhirResult.Outcome(StatusCodes.Status422UnprocessableEntity, [refusal]);
    }

    private async Task<FhirResult> SameAgainAsync(Letter letter, DateTimeOffset version, DocumentContent content, IDbContextTransaction transaction, CancellationToken ct)
    {
        if (version > letter.SourceVersion) letter.SourceVersion = version;
        await SaveAsync(transaction, ct);
        return FhirResult.Taken(created: false, content.Warnings);
    }

    /// <summary>The document names another appointment than before, or none: its old version ends where it was.</summary>
    private async Task MoveAsync(Letter letter, Guid? appointmentId, DateTimeOffset now, CancellationToken ct)
    {
        issue.Withdraw(letter, await db.Versions.SingleOrDefaultAsync(v => v.LetterId == letter.LetterId && v.Version == letter.CurrentVersion, ct), now);
        letter.AppointmentId = appointmentId;
    }

    /// <summary>An appointment has one letter that its page shows and its answer stops; a second one (a leaflet, a form) stands alone, with a ladder of its own,
    /// or it would never be posted. It waits a moment: it may be the letter of a move whose event is still on its way.</summary>
    private Task<bool> HasOtherLetterAsync(Letter letter, AppointmentCopy appointment, CancellationToken ct) => (
        from other in db.Letters
        join version in db.Versions on new { other.LetterId, Version = other.CurrentVersion } equals new { version.LetterId, version.Version }
        where other.AppointmentId == appointment.AppointmentId && other.LetterId != letter.LetterId && other.Origin == LetterSource.Pas
            && other.Status == LetterStatus.Current && version.AppointmentId == appointment.AppointmentId && version.Revision == appointment.Revision
        select other).AnyAsync(ct);

    /// <summary>FHIR's relatesTo "replaces": the letter it replaces is taken back, else the patient reads and gets both.</summary>
    private async Task WithdrawReplacedAsync(DocumentReference document, string sourceSystem, Guid patientId, DateTimeOffset now, CancellationToken ct)
    {
        foreach (var relation in document.RelatesTo.Where(r => r.Code == DocumentRelationshipType.Replaces))
        {
            if (!ReferenceTo.TryGet(relation.Target, "DocumentReference", out var replacedId)) continue;
            var id = ids.Letter(sourceSystem, replacedId);
            var replaced = await db.Letters.SingleOrDefaultAsync(l => l.LetterId == id && l.PatientId == patientId, ct);
            if (replaced is null || replaced.CurrentVersion == 0) continue;
            issue.Withdraw(replaced, await db.Versions.SingleAsync(v => v.LetterId == id && v.Version == replaced.CurrentVersion, ct), now);
        }
    }

    private async Task AddVersionAsync(
        Letter letter, LetterVersion? current, DocumentContent content, DocumentReference document, AppointmentCopy? appointment, DateTimeOffset now, CancellationToken ct)
    {
        var today = LondonTime.DateOf(now);
        var date = document.Date is { } dated ? LondonTime.DateOf(dated) : today;
        // A letter about an appointment that has ended (a cancellation, a result) stands on its own: nothing else would ever post it.
        if (appointment is { PasStatus: not PasStatus.Booked }) appointment = null;
        TimeSpan? wait = letter.AppointmentId is not null && appointment is null && !await db.Appointments.AnyAsync(a => a.AppointmentId == letter.AppointmentId, ct)
            ? options.Value.PasLetterWait
            : null;
        var ladder = LadderRule.Applies(date, today, options.Value.LadderDays, appointment);
        if (appointment is { LetterSource: LetterSource.Template }) appointment = null;   // its letter is ours; this one is another
        else if (appointment is not null && await HasOtherLetterAsync(letter, appointment, ct)) (appointment, wait) = (null, options.Value.SecondLetterWait);
        var text = new LetterText(Title(document, content), content.Html, content.Pdf, trust.Value.BookingPhone, date)
        {
            Enclosures = [.. content.Enclosures.Select(enclosure => EnclosureFile.Of(enclosure, now))],
        };
        await issue.AddAsync(letter, current, text, appointment, ladder, announce: wait is null, now, ct);
        letter.AnnounceDueAt = now + wait;
        if (appointment is null) return;

        appointment.LetterDueAt = null;
        var standIn = await db.Letters.SingleOrDefaultAsync(l => l.AppointmentId == appointment.AppointmentId && l.Origin == LetterSource.Template && l.Status != LetterStatus.Withdrawn, ct);
        if (standIn is not null)
            issue.Withdraw(standIn, await db.Versions.SingleAsync(v => v.LetterId == standIn.LetterId && v.Version == standIn.CurrentVersion, ct), now);
    }

    private void EnterInError(Letter letter, LetterVersion? current, DateTimeOffset now)
    {
        var wasShown = letter.Status == LetterStatus.Current;
        issue.Withdraw(letter, current, now);
        if (wasShown)
            Raise("entered-in-error", TaskCodes.PossibleDisclosure, letter.LetterId, letter.PatientId, letter.AppointmentId, now,
                "A letter was entered in error. It is hidden and recalled; the patient may have read it or may get it by post.");
    }

    private async Task<FhirResult> RefuseOtherSubjectAsync(Letter letter, IDbContextTransaction transaction, DateTimeOffset now, CancellationToken ct)
    {
        var current = await db.Versions.SingleOrDefaultAsync(v => v.LetterId == letter.LetterId && v.Version == letter.CurrentVersion, ct);
        issue.Withdraw(letter, current, now);
        Raise("other-subject", TaskCodes.PossibleDisclosure, letter.LetterId, letter.PatientId, letter.AppointmentId, now,
            "The hospital system sent a known letter for another patient. The new one was refused, the old one is hidden and recalled.");
        await SaveAsync(transaction, ct);
        return FhirResult.Refused(StatusCodes.Status422UnprocessableEntity, OperationOutcome.IssueType.BusinessRule, "DocumentReference.subject", "This document belongs to another patient.");
    }

    private void Raise(string cause, string code, Guid letterId, Guid patientId, Guid? appointmentId, DateTimeOffset now, string note) => outbox.Add(new RaiseTask
    {
        TaskId = TaskIds.For(cause, letterId),
        Code = code,
        Alarmed = true,
        PatientId = patientId,
        AppointmentId = appointmentId,
        LetterId = letterId,
        Note = note,
        OccurredAt = now,
    });

    private void Report(IReadOnlyCollection<FhirIssue> warnings, string sourceSystem, Guid letterId, DateTimeOffset now)
    {
        foreach (var warning in warnings)
            db.FeedIssues.Add(new FeedIssue
            {
                FeedIssueId = Guid.CreateVersion7(),
                SourceSystem = sourceSystem,
                LetterId = letterId,
                Element = warning.Element ?? "DocumentReference",
                Text = warning.Text,
                OccurredAt = now,
            });
    }

    private async Task SaveAsync(IDbContextTransaction transaction, CancellationToken ct)
    {
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }

    private Guid? AppointmentOf(DocumentReference document, string sourceSystem)
    {
        foreach (var related in document.Context?.Related ?? [])
            if (ReferenceTo.TryGet(related, "Appointment", out var id)) return ids.Appointment(sourceSystem, id);
        return null;
    }

    private string Title(DocumentReference document, DocumentContent content) => new[]
    {
        content.Title, document.Description, document.Type?.Text, document.Type?.Coding.Select(c => c.Display).FirstOrDefault(d => !string.IsNullOrWhiteSpace(d)),
    }.Select(AttachmentReader.CleanTitle).FirstOrDefault(title => title is not null) ?? $"Letter from {trust.Value.Name}";

    // Everything but meta: a new lastUpdated alone is no new letter.
    private static byte[] Hash(DocumentReference document)
    {
        var copy = (DocumentReference)document.DeepCopy();
        copy.Meta = null;
        return SHA256.HashData(FhirJsonSerializer.Default.SerializeToBytes(copy));
    }
}
