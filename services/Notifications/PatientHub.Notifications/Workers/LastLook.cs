using System.Text.Json;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Letters.Contracts.Http;
using PatientHub.Notifications.Clients;
using PatientHub.Notifications.Domain;

namespace PatientHub.Notifications.Workers;

/// <summary>What the owners said just before sending; null where one did not reply.</summary>
internal sealed record Look(
    IReadOnlyDictionary<Guid, PatientContact>? Contacts,
    IReadOnlyDictionary<Guid, AppointmentStanding>? Appointments,
    IReadOnlyDictionary<Guid, LetterStanding>? Letters)
{
    /// <summary>True when everything this step depends on is known.</summary>
    public bool Covers(JourneyStep step) =>
        Contacts?.ContainsKey(step.PatientId) == true
        && (step.AppointmentId is not { } appointment || Appointments?.ContainsKey(appointment) == true)
        && (step.LetterId is not { } letter || Letters?.ContainsKey(letter) == true);

    /// <summary>When the step's appointment begins, as its owner says.</summary>
    public DateTimeOffset? Start(JourneyStep step) =>
        step.AppointmentId is { } appointmentId && Appointments?.GetValueOrDefault(appointmentId) is { } standing ? standing.Appointment.Start : null;

    public StepFacts Facts(JourneyStep step, bool letterPosted, bool optedOut)
    {
        var contact = Contacts![step.PatientId];
        var appointment = step.AppointmentId is { } appointmentId ? Appointments![appointmentId].Appointment : null;
        var letter = step.LetterId is { } letterId ? Letters![letterId] : null;
        return new StepFacts
        {
            LetterEnded = letter is not null && (letter.Withdrawn || letter.LetterVersion > step.LetterVersion),
            LetterOpened = letter is not null && letter.Opened && letter.LetterVersion == step.LetterVersion,
            LetterPosted = letterPosted,
            Revision = appointment?.Revision,
            PasStatus = appointment?.PasStatus,
            PatientRequest = appointment is null || appointment.Revision < step.Revision ? null : appointment.PatientRequest,
            Answered = appointment is not null && appointment.Revision == step.Revision && appointment.Answered,
            Start = appointment?.Start,
            ClinicMode = appointment?.ClinicMode,
            MaySend = contact.MaySend,
            LettersOnly = contact.LettersOnly,
            OptedOut = optedOut,
        };
    }
}

/// <summary>
/// The last look (design section 2): answers live in Appointments, "opened" in Letters, contacts in Identity. A broker that is down must not make us remind
/// against an answer, so their owners are asked just before sending, 500 ids a call. Who does not reply is missing from the look, and his steps wait.
/// </summary>
internal sealed partial class LastLook(IdentityContacts identity, AppointmentsStanding appointments, LettersStanding letters, ILogger<LastLook> log)
{
    private const int IdsPerCall = 500;

    public async Task<Look> TakeAsync(IReadOnlyCollection<JourneyStep> steps, CancellationToken ct)
    {
        var contacts = AskAsync("identity", steps.Select(s => s.PatientId), identity.GetAsync, c => c.PatientId, ct);
        var standings = AskAsync("appointments", steps.Where(s => s.AppointmentId is not null).Select(s => s.AppointmentId!.Value), appointments.GetAsync, s => s.Appointment.AppointmentId, ct);
        var current = AskAsync("letters", steps.Where(s => s.LetterId is not null).Select(s => s.LetterId!.Value), letters.GetAsync, l => l.LetterId, ct);
        return new Look(await contacts, await standings, await current);
    }

    private async Task<IReadOnlyDictionary<Guid, T>?> AskAsync<T>(
        string owner, IEnumerable<Guid> ids, Func<IReadOnlyList<Guid>, CancellationToken, Task<IReadOnlyList<T>>> ask, Func<T, Guid> key, CancellationToken ct)
    {
        var answers = new Dictionary<Guid, T>();
        try
        {
            foreach (var some in ids.Distinct().Chunk(IdsPerCall))
            {
                foreach (var answer in await ask(some, ct)) answers[key(answer)] = answer;
            }

            return answers;
        }
        catch (Exception fault) when (!ct.IsCancellationRequested && IsNoReply(fault))
        {
            Log.NoReply(log, owner, fault.GetType().Name, (fault as JsonException)?.Path);
            return null;
        }
    }

    private static bool IsNoReply(Exception fault) =>
        fault is HttpRequestException or OperationCanceledException or TimeoutException or JsonException
        || fault.GetType().Namespace?.StartsWith("Polly", StringComparison.Ordinal) == true;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "No last look: {Owner} did not reply ({Fault} {Path}); the steps wait")]
        public static partial void NoReply(ILogger logger, string owner, string fault, string? path);
    }
}
