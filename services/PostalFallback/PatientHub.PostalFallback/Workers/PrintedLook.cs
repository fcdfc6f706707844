using Microsoft.EntityFrameworkCore;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Messaging;
using PatientHub.PostalFallback.Clients;
using PatientHub.PostalFallback.Domain;
using PatientHub.PostalFallback.Persistence;

namespace PatientHub.PostalFallback.Workers;

/// <summary>
/// Between the decision to post and the hand-over lie minutes of printing, or hours without a print house. Whatever happened meanwhile counts until the print house may
/// take the letter: opened, answered, moved or cancelled (A3, A15), deceased or restricted (A24), not to be told to parents any more (A31), merged or moved house (A30).
/// Such a letter waits again, and <see cref="PostRules"/> say what becomes of it; where it still goes, it is printed as things stand then.
/// </summary>
internal sealed partial class PrintedLook(
    IServiceScopeFactory scopes, DueDeadlines deadlines, LastLook lastLook, AddressesClient addresses, DatabaseClock clock, ILogger<PrintedLook> logger)
{
    /// <summary>Letters that must not go as they were printed a moment ago.</summary>
    /// <param name="batchId">Their batch.</param>
    /// <param name="shown">By deadline: whose name and address stand on the print.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<IReadOnlySet<Guid>> OvertakenAsync(Guid batchId, IReadOnlyDictionary<Guid, PatientAddress> shown, CancellationToken cancellationToken) =>
        LookAsync(batchId, letter => shown.GetValueOrDefault(letter.DeadlineId) is { } address ? (address.PatientId, now => IsSame(address, now)) : null, cancellationToken);

    /// <summary>Whether a batch that lies in the spool since an earlier attempt holds such a letter. What stood on its prints is not kept; whose they are, and to which address they go, is.</summary>
    public async Task<bool> IsOvertakenAsync(Batch written, CancellationToken cancellationToken)
    {
        var contents = (written.Contents ?? []).ToDictionary(letter => (letter.LetterId, letter.LetterVersion));
        return (await LookAsync(written.BatchId, letter => contents.GetValueOrDefault((letter.LetterId, letter.LetterVersion)) is { } there
            ? (there.PatientId ?? letter.PatientId, now => now.AddressId == there.AddressId) : null, cancellationToken)).Count > 0;
    }

    private async Task<IReadOnlySet<Guid>> LookAsync(Guid batchId, Func<DueLetter, (Guid PatientId, Func<PatientAddress, bool> IsSame)?> print, CancellationToken cancellationToken)
    {
        var printed = (await deadlines.PrintingAsync(batchId, cancellationToken)).Select(letter => (Letter: letter, Print: print(letter))).Where(printed => printed.Print is not null).ToList();
        if (printed.Count == 0)
            return new HashSet<Guid>();
        var letters = printed.ConvertAll(printed => printed.Letter);
        var now = await clock.UtcNowAsync(cancellationToken);

        // The owners' word; what their events have told, in case they are silent; and whose the letters are by now.
        var verdicts = await lastLook.LookAsync(letters, now, cancellationToken, ifLettersAreSilent: LastLookVerdict.Post);
        var told = await ToldAsync(batchId, cancellationToken);
        var known = await AddressesAsync([.. letters.Select(letter => letter.PatientId)], cancellationToken);
        var overtaken = printed.Where(printed => printed.Letter.PatientId != printed.Print!.Value.PatientId
                || (known is not null && !(known.TryGetValue(printed.Letter.PatientId, out var address) && address.MayPrint && printed.Print.Value.IsSame(address))))
            .Select(printed => printed.Letter.DeadlineId)
            .Concat(verdicts.Where(verdict => verdict.Key != LastLookVerdict.Post).SelectMany(verdict => verdict).Select(letter => letter.DeadlineId))
            .Concat(told.Intersect(letters.Select(letter => letter.DeadlineId))).ToHashSet();
        if (overtaken.Count > 0)
            Log.Overtaken(logger, batchId, overtaken.Count);
        return overtaken;
    }

    private async Task<IReadOnlyDictionary<Guid, PatientAddress>?> AddressesAsync(IReadOnlyList<Guid> patients, CancellationToken cancellationToken)
    {
        try
        {
            return await addresses.AddressesAsync(patients, cancellationToken);
        }
        catch (Exception silence) when (LastLook.IsSilence(silence, cancellationToken))
        {
            // It gave these addresses before they were printed; its events are asked, too.
            Log.NoReply(logger, silence.GetType().Name, patients.Count);
            return null;
        }
    }

    /// <summary>By the facts that events have told. Each of these ends, suspends or re-aims a deadline that waits again, so none comes back as it was.</summary>
    private async Task<List<Guid>> ToldAsync(Guid batchId, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<PostalDbContext>().Database.SqlQuery<Guid>($"""
            select d.deadline_id as "Value" from deadline d
            left join patient p on p.patient_id = d.patient_id
            left join appointment a on a.appointment_id = d.appointment_id
            left join letter l on l.letter_id = d.letter_id
            where d.batch_id = {batchId} and d.state = 'Printing'
              and (p.may_not_be_written_to
                or a.pas_status <> 'Booked' or not a.invites or a.revision > d.revision
                or l.withdrawn or l.version > d.letter_version
                or (l.version > 0 and l.opened_version = l.version and d.requested_at is null and d.reason <> 'Notice'
                    and not coalesce(p.opted_out or p.also_post or (p.version > 0 and (not p.has_contact or p.letters_only)), false)))
            """).ToListAsync(cancellationToken);
    }

    private static bool IsSame(PatientAddress shown, PatientAddress now) => shown with { Lines = now.Lines } == now && shown.Lines.SequenceEqual(now.Lines, StringComparer.Ordinal);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Batch {BatchId}: {Count} letters were overtaken while they were printed; they wait again")]
        public static partial void Overtaken(ILogger logger, Guid batchId, int count);

        [LoggerMessage(Level = LogLevel.Warning, Message = "No reply from identity ({ExceptionType}) before handing over {Count} letters: they go to the addresses that it gave before")]
        public static partial void NoReply(ILogger logger, string exceptionType, int count);
    }
}
