using PatientHub.Proving.Books;

namespace PatientHub.Proving.Checking;

/// <summary>
/// From when on everybody could know of something. A row bears the moment at which its transaction began; between that and its commit lies as long as a bad line to the database takes. What was answered
/// to whoever did it is surely committed: that moment counts. Without an answer (it was lost, or the run did not note it) a commit is taken to be <see cref="News"/> old at the most.
/// </summary>
internal sealed class Told(HubBooks books, Ledger ledger)
{
    /// <summary>How long a commit, or the news of a posted letter (a message), may be on its way.</summary>
    public static readonly TimeSpan News = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Grain = TimeSpan.FromSeconds(2);

    private readonly Dictionary<Guid, string> _appointments = books.Appointments.ToDictionary(a => a.Id, a => a.SourceId);
    private readonly Dictionary<Guid, string> _patients = books.Patients.ToDictionary(p => p.Id, p => p.SourceId);
    private readonly ILookup<string, PatientDecided> _decisions = ledger.All<PatientDecided>().Where(d => d.Taken).ToLookup(d => d.AppointmentSourceId);
    private readonly ILookup<Guid, LetterRead> _reads = ledger.All<LetterRead>().Where(r => r.Taken).ToLookup(r => r.LetterId);
    private readonly ILookup<string, LedgerEntry> _optOuts = ledger.All<PreferenceChanged>().Where(p => p is { Taken: true, OptedOut: true }).Select(p => (p.PatientSourceId, Entry: (LedgerEntry)p))
        .Concat(ledger.All<StaffActed>().Where(s => s is { Taken: true, Act: "opt-out" }).Select(s => (s.SubjectId, Entry: (LedgerEntry)s))).ToLookup(p => p.Item1, p => p.Entry);

    public DateTimeOffset Answer(AnswerRow answer) =>
        Of(answer.At, _appointments.TryGetValue(answer.AppointmentId, out var source) ? _decisions[source].Where(d => d.Decision == answer.Answer) : []);

    public DateTimeOffset Opening(LetterVersionRow version) => Of(version.OpenedAt!.Value, _reads[version.LetterId]);

    public DateTimeOffset OptOut(OptOutRow optOut) => Of(optOut.ChangedAt, _patients.TryGetValue(optOut.PatientId, out var source) ? _optOuts[source] : []);

    private static DateTimeOffset Of(DateTimeOffset at, IEnumerable<LedgerEntry> acts) =>
        acts.Where(act => act.AskedAt - Grain <= at && at <= act.AnsweredAt + Grain).Select(act => (DateTimeOffset?)act.AnsweredAt).Min() ?? at + News;
}
