using Microsoft.EntityFrameworkCore;
using PatientHub.Calendar;
using PatientHub.Letters.Contracts;
using PatientHub.Letters.Domain;
using PatientHub.Letters.Persistence;
using PatientHub.Messaging;

namespace PatientHub.Letters.Features;

/// <summary>The contents of a version to come.</summary>
/// <param name="Title">Title as patients read it.</param>
/// <param name="Html">Sanitised HTML, or null.</param>
/// <param name="Pdf">PDF of the PAS, or null.</param>
/// <param name="Phone">Telephone number to call (R10).</param>
/// <param name="LetterDate">Date on the letter.</param>
public sealed record LetterText(string Title, string? Html, byte[]? Pdf, string Phone, DateOnly LetterDate)
{
    /// <summary>What the PAS sent with it; the clinic's own enclosures are added to these (R10).</summary>
    public IReadOnlyList<EnclosureFile> Enclosures { get; init; } = [];
}

/// <summary>Gives a letter its next version, or takes it back: the rows and the events belong together, so they are written in one place.</summary>
public sealed class LetterIssue(LettersDbContext db, IOutbox outbox)
{
    /// <summary>
    /// Adds the next version with its enclosures and ends the one before. With <paramref name="announce"/> false nothing is published yet: the letter's appointment is still unknown,
    /// and LetterReady must name its revision.
    /// </summary>
    public async Task AddAsync(Letter letter, LetterVersion? previous, LetterText text, AppointmentCopy? appointment, bool ladder, bool announce, DateTimeOffset now, CancellationToken ct)
    {
        var version = new LetterVersion
        {
            LetterId = letter.LetterId,
            Version = letter.CurrentVersion + 1,
            AppointmentId = appointment?.AppointmentId,
            Revision = appointment?.Revision,
            Title = text.Title,
            LetterDate = text.LetterDate,
            Phone = text.Phone,
            Ladder = ladder,
            CreatedAt = now,
            PdfBytes = text.Pdf?.LongLength,
        };
        db.Versions.Add(version);
        db.Bodies.Add(new LetterBody { LetterId = letter.LetterId, Version = version.Version, Html = text.Html, Pdf = text.Pdf });
        await EncloseAsync(version, text, appointment, ct);

        // A withdrawn version has been announced as ended already.
        if (previous is not null && letter.Status != LetterStatus.Withdrawn) End(letter, previous, version.Version, now);
        letter.CurrentVersion = version.Version;
        letter.Status = LetterStatus.Current;
        letter.Title = text.Title;
        letter.LetterDate = text.LetterDate;
        letter.ShownUntil = TwentyFourMonths.LastDay(appointment is null ? text.LetterDate : LondonTime.DateOf(appointment.Start));
        if (announce) Announce(letter, version, appointment, now);
    }

    private async Task EncloseAsync(LetterVersion version, LetterText text, AppointmentCopy? appointment, CancellationToken ct)
    {
        var number = 0;
        foreach (var file in text.Enclosures)
        {
            if (db.Entry(file).State == EntityState.Detached) db.EnclosureFiles.Add(file);
            Enclose(file.FileId, ofClinic: false);
        }

        if (appointment is null) return;
        var ofClinic = await db.ClinicEnclosures.AsNoTracking().Where(e => e.ClinicId == appointment.ClinicId).OrderBy(e => e.EnclosureKey).Select(e => e.FileId).ToListAsync(ct);
        foreach (var fileId in ofClinic) Enclose(fileId, ofClinic: true);

        void Enclose(Guid fileId, bool ofClinic) => db.Enclosures.Add(
            new LetterEnclosure { LetterId = version.LetterId, Version = version.Version, Number = ++number, FileId = fileId, OfClinic = ofClinic });
    }

    /// <summary>The same words as a new version: for another revision of its appointment, or for the patient whose letter it is after all (A30).</summary>
    public async Task RepeatAsync(Letter letter, LetterVersion current, AppointmentCopy? appointment, bool ladder, DateTimeOffset now, CancellationToken ct)
    {
        var body = await db.Bodies.SingleAsync(b => b.LetterId == letter.LetterId && b.Version == current.Version, ct);
        var enclosed = await (
            from enclosure in db.Enclosures
            join file in db.EnclosureFiles on enclosure.FileId equals file.FileId
            where enclosure.LetterId == letter.LetterId && enclosure.Version == current.Version && !enclosure.OfClinic
            orderby enclosure.Number
            select file).ToListAsync(ct);
        var text = new LetterText(letter.Title, body.Html, body.Pdf, current.Phone, current.LetterDate) { Enclosures = enclosed };
        await AddAsync(letter, current, text, appointment, ladder, announce: true, now, ct);
    }

    /// <summary>LetterReady for the current version.</summary>
    public void Announce(Letter letter, LetterVersion version, AppointmentCopy? appointment, DateTimeOffset now)
    {
        letter.AnnounceDueAt = null;
        version.AnnouncedAt = now;
        version.AppointmentId = appointment?.AppointmentId;
        version.Revision = appointment?.Revision;
        outbox.Add(new LetterReady
        {
            LetterId = letter.LetterId,
            PatientId = letter.PatientId,
            AppointmentId = version.AppointmentId,
            Revision = version.Revision,
            LetterVersion = version.Version,
            Ladder = version.Ladder,
            Post = letter.Notice?.Post(),
            AboutAppointmentId = letter.AboutAppointmentId,
            AboutRevision = letter.AboutRevision,
            LetterDate = version.LetterDate,
            OccurredAt = now,
        });
    }

    /// <summary>Hides the letter at once and recalls what was not handed over (A15, A34).</summary>
    public void Withdraw(Letter letter, LetterVersion? current, DateTimeOffset now)
    {
        if (letter.Status == LetterStatus.Withdrawn) return;
        letter.Status = LetterStatus.Withdrawn;
        letter.AnnounceDueAt = null;
        if (current is null) return;
        current.Withdrawn = true;
        End(letter, current, replacedBy: null, now);
    }

    private void End(Letter letter, LetterVersion version, int? replacedBy, DateTimeOffset now)
    {
        version.EndedAt ??= now;
        if (version.AnnouncedAt is null) return;
        outbox.Add(new LetterSuperseded
        {
            LetterId = letter.LetterId,
            PatientId = letter.PatientId,
            LetterVersion = version.Version,
            ReplacedByVersion = replacedBy,
            AppointmentId = version.AppointmentId,
            OccurredAt = now,
        });
    }
}
