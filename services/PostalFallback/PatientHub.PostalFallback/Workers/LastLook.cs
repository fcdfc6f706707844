using Microsoft.Extensions.Logging;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Letters.Contracts.Http;
using PatientHub.PostalFallback.Clients;

namespace PatientHub.PostalFallback.Workers;

/// <summary>What the last look says of a due letter.</summary>
internal enum LastLookVerdict
{
    /// <summary>Post it.</summary>
    Post,
    /// <summary>Not now: look again later (a service is down, an event is still on its way, the patient's request holds it).</summary>
    Rest,
    /// <summary>The current version was opened: the event is late, the fact counts.</summary>
    Opened,
}

/// <summary>
/// Just before handing over, ask the owners of the answers (design: "A last look before acting"). Its rules for silence: no reply from Appointments, the letter goes;
/// no reply from Letters, it waits, alarmed, because there is nothing to print.
/// </summary>
internal sealed partial class LastLook(AppointmentsClient appointments, LettersClient letters, ILogger<LastLook> logger)
{
    /// <param name="due">The letters.</param>
    /// <param name="now">Database time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="ifLettersAreSilent">What then is to become of all of them.</param>
    public async Task<ILookup<LastLookVerdict, DueLetter>> LookAsync(IReadOnlyList<DueLetter> due, DateTimeOffset now, CancellationToken cancellationToken, LastLookVerdict ifLettersAreSilent = LastLookVerdict.Rest)
    {
        var asked = appointments.StandingAsync([.. due.Where(letter => letter.AppointmentId is not null).Select(letter => letter.AppointmentId!.Value)], cancellationToken);
        IReadOnlyDictionary<Guid, LetterStanding>? letterStandings = null;
        IReadOnlyDictionary<Guid, AppointmentStanding>? appointmentStandings = null;
        try
        {
            letterStandings = await letters.StandingAsync([.. due.Select(letter => letter.LetterId)], cancellationToken);
        }
        catch (Exception silence) when (IsSilence(silence, cancellationToken))
        {
            Log.NoReply(logger, "letters", silence.GetType().Name, due.Count);
        }

        try
        {
            appointmentStandings = await asked;
        }
        catch (Exception silence) when (IsSilence(silence, cancellationToken))
        {
            Log.NoReply(logger, "appointments", silence.GetType().Name, due.Count);
        }

        return due.ToLookup(letter => Verdict(letter, letterStandings, appointmentStandings, now, ifLettersAreSilent));
    }

    private static LastLookVerdict Verdict(DueLetter due, IReadOnlyDictionary<Guid, LetterStanding>? letters, IReadOnlyDictionary<Guid, AppointmentStanding>? appointments, DateTimeOffset now, LastLookVerdict ifLettersAreSilent)
    {
        LetterStanding? letter = null;
        if (letters is null && ifLettersAreSilent != LastLookVerdict.Post)
            return ifLettersAreSilent;
        if (letters is not null && (!letters.TryGetValue(due.LetterId, out letter) || letter.Withdrawn || letter.LetterVersion != due.LetterVersion))
            return LastLookVerdict.Rest;
        if (letter is { Opened: true } && !due.PostAnyway && !due.Requested)
            return LastLookVerdict.Opened;
        if (due.AppointmentId is not { } id || appointments is null || !appointments.TryGetValue(id, out var standing))
            return LastLookVerdict.Post;
        var state = standing.Appointment;
        if (state.PasStatus != PasStatus.Booked || state.Revision != due.Revision || state.Start <= now || !state.Invites)
            return LastLookVerdict.Rest;
        return state.RequestOpen && !due.Requested && due.LastSafeAt > now ? LastLookVerdict.Rest : LastLookVerdict.Post;
    }

    internal static bool IsSilence(Exception exception, CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested && exception is HttpRequestException or TimeoutException or TaskCanceledException
        || exception.GetType().FullName!.StartsWith("Polly.", StringComparison.Ordinal);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "No reply from {Service} ({ExceptionType}) at the last look before posting {Count} letters")]
        public static partial void NoReply(ILogger logger, string service, string exceptionType, int count);
    }
}
