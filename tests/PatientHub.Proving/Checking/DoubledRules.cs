using PatientHub.Proving.Books;

namespace PatientHub.Proving.Checking;

/// <summary>D: nothing reaches a patient twice, and nothing after the answer.</summary>
internal static class DoubledRules
{
    public static void Judge(HubBooks books, Ledger ledger, Verdict verdict)
    {
        var attempts = books.Attempts.ToDictionary(a => a.Id);
        Acceptances(books, attempts, verdict);
        Words(books, attempts, verdict);
        Prints(books, verdict);
        Reminders(books, new Told(books, ledger), verdict);
        Silent(books, ledger, attempts, verdict);
    }

    private static void Silent(HubBooks books, Ledger ledger, Dictionary<Guid, AttemptRow> attempts, Verdict verdict)
    {
        var ids = books.Patients.ToDictionary(p => p.SourceId, p => p.Id);
        var batches = books.Batches.ToDictionary(b => b.Id);
        var steps = books.Steps.ToDictionary(s => s.Id, s => s.PatientId);
        // From the answer on, and until the PAS takes it back: this run never does.
        var since = ledger.All<PatientFed>().Where(f => f is { Silent: true, Taken: true } && ids.ContainsKey(f.SourceId)).GroupBy(f => ids[f.SourceId]).ToDictionary(g => g.Key, g => g.Min(f => f.AnsweredAt));
        foreach (var attempt in attempts.Values.Where(a => a.State != "NotAccepted"))
        {
            foreach (var patient in attempt.StepIds.Where(steps.ContainsKey).Select(step => steps[step]).Where(since.ContainsKey).Distinct())
                verdict.Look("D8", attempt.CreatedAt <= since[patient], $"attempt {attempt.Id}", $"looked last at {attempt.CreatedAt:O}, the patient was silent from {since[patient]:O} on");
        }

        foreach (var deadline in books.Deadlines.Where(d => d is { State: "Posted", BatchId: not null } && since.ContainsKey(d.PatientId)))
            verdict.Look("D8", batches[deadline.BatchId!.Value].CreatedAt <= since[deadline.PatientId], $"deadline {deadline.Id}", $"was decided at {batches[deadline.BatchId!.Value].CreatedAt:O}, the patient was silent from {since[deadline.PatientId]:O} on");
    }

    private static void Acceptances(HubBooks books, Dictionary<Guid, AttemptRow> attempts, Verdict verdict)
    {
        foreach (var taken in books.Taken.Where(t => t.Reference is null || !attempts.ContainsKey(t.Reference.Value)))
            verdict.Look("D4", false, $"provider's message {taken.Id}", "is known to no attempt");
        var known = books.Taken.Where(t => t.Reference is { } id && attempts.ContainsKey(id)).ToList();
        foreach (var taken in known)
            verdict.Look("D4", true, taken.Id, "");

        foreach (var same in known.GroupBy(t => t.Reference!.Value))
            verdict.Look("D1", same.Count() == 1, $"attempt {same.Key}", $"was taken {same.Count()} times");

        // Nobody could tell what such a one has told of, nor that it was told before.
        foreach (var attempt in attempts.Values.Where(a => a.MessageId is not null))
            verdict.Look("D2", attempt.StepIds.Count > 0, $"attempt {attempt.Id}", "has a message that tells of no step");

        // A channel that reported a failure has reached nobody; another try on it may follow.
        foreach (var same in known.Select(t => attempts[t.Reference!.Value]).DistinctBy(a => a.Id).SelectMany(a => a.StepIds.Select(step => (Step: step, Attempt: a))).GroupBy(a => (a.Step, a.Attempt.Channel)))
            verdict.Look("D2", same.Count(a => a.Attempt.State != "Failed") <= 1, $"step {same.Key.Step} by {same.Key.Channel}", $"was taken {same.Count()} times: {string.Join(", ", same.Select(a => a.Attempt.Id))}");
    }

    private static void Words(HubBooks books, Dictionary<Guid, AttemptRow> attempts, Verdict verdict)
    {
        foreach (var same in books.Taken.Where(t => t.Code is null).GroupBy(t => (t.To, t.Body)))
        {
            var inOneDay = same.OrderBy(t => t.TakenAt).ToList();
            // Each must tell of something that the ones before did not: two digests may say the same words about other appointments.
            var told = new HashSet<Guid>();
            var repeats = inOneDay.Count(t => !(t.Reference is { } id && attempts.TryGetValue(id, out var attempt) ? attempt.StepIds.DefaultIfEmpty() : [Guid.Empty]).Select(told.Add).ToList().Contains(true));
            var near = inOneDay.Zip(inOneDay.Skip(1)).Any(pair => pair.Second.TakenAt - pair.First.TakenAt < TimeSpan.FromHours(24));
            verdict.Look("D3", repeats == 0 || !near, $"provider's messages {string.Join(", ", inOneDay.Select(t => t.Id))}", $"say the same to the same recipient, {repeats} more than there were steps");
        }
    }

    private static void Prints(HubBooks books, Verdict verdict)
    {
        var posted = books.Deadlines.Where(d => d.State is "Posted" or "Printing" or "Rejected" && d.LetterId is not null).Select(d => (d.LetterId!.Value, d.LetterVersion!.Value)).ToHashSet();
        foreach (var same in books.Printed.GroupBy(p => (p.LetterId, p.LetterVersion)))
        {
            // Each time its patient asked for it is one more (A17, A28), and each one that the print house refused.
            var asked = books.Deadlines.Count(d => d is { State: "Posted" or "Printing", Reason: "Requested" } or { State: "Rejected" } && (d.LetterId, d.LetterVersion) == (same.Key.LetterId, same.Key.LetterVersion));
            verdict.Look("D5", same.Count() <= 1 + asked, $"letter {same.Key.LetterId} version {same.Key.LetterVersion}", $"was printed {same.Count()} times: {string.Join(", ", same.Select(p => p.Batch))}");
            verdict.Look("D5", posted.Contains(same.Key) && same.All(p => p.Intact), $"letter {same.Key.LetterId} version {same.Key.LetterVersion}", "lies at the print house without a posted deadline, or not as its manifest says");
        }

        var batches = books.Batches.ToDictionary(b => b.Id);
        var anyway = books.PostPatients.Where(p => p.GoesByPostAnyway).Select(p => p.PatientId).ToHashSet();
        var opened = books.LetterVersions.Where(v => v.OpenedAt is not null).ToDictionary(v => (v.LetterId, v.Version), v => v.OpenedAt!.Value);
        foreach (var deadline in books.Deadlines.Where(d => d is { State: "Posted", LetterId: not null, BatchId: not null, Reason: not ("Requested" or "Notice") } && !anyway.Contains(d.PatientId)))
        {
            // The batch bears the time at which its last look began.
            var lookedAt = batches[deadline.BatchId!.Value].CreatedAt;
            var before = opened.TryGetValue((deadline.LetterId!.Value, deadline.LetterVersion!.Value), out var at) && at < lookedAt;
            verdict.Look("D7", !before, $"deadline {deadline.Id}", $"was decided at {lookedAt:O} although the letter was opened at {at:O}");
        }
    }

    private static void Reminders(HubBooks books, Told told, Verdict verdict)
    {
        var steps = books.Steps.ToDictionary(s => s.Id);
        // A28: what was withdrawn, or closed as "kept", was an answer all the same.
        var answers = books.Answers.Where(a => a.Answer != "withdraw").ToLookup(a => (a.AppointmentId, a.Revision));
        var versions = books.LetterVersions.ToDictionary(v => (v.LetterId, v.Version));
        var optOuts = books.OptOuts.Where(o => o.OptedOut).ToDictionary(o => o.PatientId);
        foreach (var (attempt, stepId) in books.Attempts.Where(a => a.State != "NotAccepted").SelectMany(a => a.StepIds.Select(stepId => (a, stepId))))
        {
            if (!steps.TryGetValue(stepId, out var step) || step is not { Kind: "Invitation", Step: > 0 })
                continue;
            // An attempt bears the time at which its last look began.
            var key = (step.AppointmentId ?? Guid.Empty, step.Revision ?? 0);
            var version = versions.GetValueOrDefault((step.LetterId ?? Guid.Empty, step.LetterVersion ?? 0));
            var stops = answers[key].Select(a => ("the answer", a.At, told.Answer(a)))
                .Concat(version?.OpenedAt is { } opened ? [("the opening", opened, told.Opening(version))] : [])
                .Concat(version?.PostedAt is { } posted ? [("the post", posted, posted + Told.News)] : [])
                .Concat(optOuts.TryGetValue(step.PatientId, out var optOut) ? [("the opt-out", optOut.ChangedAt, told.OptOut(optOut))] : []);
            var late = stops.Where(stop => stop.Item3 < attempt.CreatedAt).Select(stop => $"{stop.Item1} at {stop.Item2:O}, known from {stop.Item3:O}").FirstOrDefault();
            verdict.Look("D6", late is null, $"attempt {attempt.Id} (reminder {step.Step})", $"looked last at {attempt.CreatedAt:O}, after {late}");
        }
    }
}
