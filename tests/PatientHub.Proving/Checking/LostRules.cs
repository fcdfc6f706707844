using PatientHub.Proving.Books;

namespace PatientHub.Proving.Checking;

/// <summary>L: nothing that went in is lost.</summary>
internal static class LostRules
{
    /// <summary>What is due may be late by this much before somebody must have been told (A29).</summary>
    private static readonly TimeSpan Overdue = TimeSpan.FromMinutes(15);
    private static readonly string[] OpenStates = ["Waiting", "Suspended", "Printing"];

    public static void Judge(HubBooks books, Ledger ledger, Verdict verdict)
    {
        Appointments(books, ledger, verdict);
        Deadlines(books, verdict);
        Decisions(books, ledger, verdict);
        Transport(books, verdict);
        Copies(books, verdict);
        Ends(books, verdict);
        Told(books, ledger, verdict);
    }

    /// <summary>Of what the run has fed: the simulators' own people are also such as the hub must not tell anything.</summary>
    private static void Told(HubBooks books, Ledger ledger, Verdict verdict)
    {
        var fed = ledger.All<AppointmentFed>().Where(f => f.Taken).Select(f => f.SourceId).ToHashSet();
        var silent = ledger.All<PatientFed>().Where(f => f.Silent && (f.Taken || f.Unclear)).Select(f => f.SourceId).ToHashSet();
        var patients = books.Patients.ToDictionary(p => p.Id, p => p.SourceId);
        var taken = books.Taken.Where(t => t is { Lost: false, Reference: not null }).Select(t => t.Reference!.Value).ToHashSet();
        var invitations = books.Steps.Where(s => s is { Kind: "Invitation", AppointmentId: not null }).ToDictionary(s => s.Id, s => (s.AppointmentId!.Value, s.Revision));
        var invited = books.Attempts.Where(a => taken.Contains(a.Id)).SelectMany(a => a.StepIds).Where(invitations.ContainsKey).Select(step => invitations[step]).ToHashSet();
        var ended = books.Deadlines.Where(d => d is { AppointmentId: not null, State: "Posted" or "Opened" or "HandedToPeople" or "Rejected" }).Select(d => (d.AppointmentId!.Value, d.Revision)).ToHashSet();
        var tasks = books.Tasks.Where(t => t.AppointmentId is not null).Select(t => t.AppointmentId!.Value).ToHashSet();
        foreach (var appointment in books.Appointments.Where(a => fed.Contains(a.SourceId) && a.Announced && a.Promised && a.PasStatus == "Booked" && a.Start > books.ReadAt))
        {
            (Guid, int?) key = (appointment.Id, appointment.Revision);
            var excused = tasks.Contains(appointment.Id) || (patients.TryGetValue(appointment.PatientId, out var patient) && silent.Contains(patient));
            verdict.Look("L7", invited.Contains(key) || ended.Contains(key) || excused, $"appointment {appointment.Id} revision {appointment.Revision}", "was promised, and nobody was told");
        }
    }

    private static void Appointments(HubBooks books, Ledger ledger, Verdict verdict)
    {
        var rows = books.Appointments.ToDictionary(row => row.SourceId);
        foreach (var fed in ledger.All<AppointmentFed>().GroupBy(fed => fed.SourceId))
        {
            if (fed.Where(f => f.Taken).MaxBy(f => f.LastUpdated) is not { } last)
                continue;
            // What had no answer may have been taken as well, if it was newer.
            var possible = fed.Where(f => f.Unclear && f.LastUpdated > last.LastUpdated).Append(last).ToList();
            var row = rows.GetValueOrDefault(fed.Key);
            verdict.Look("L1", row is not null && possible.Exists(f => row.Start == f.Start && Same(row.PasStatus, f.PasStatus)), fed.Key,
                row is null ? "was taken in and is not there" : $"stands as {row.PasStatus} (version {row.Version}), not as last taken in");
        }
    }

    private static bool Same(string ours, string fhir) => ours.Equals(fhir.Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);

    private static void Deadlines(HubBooks books, Verdict verdict)
    {
        var byRevision = books.Deadlines.Where(d => d.AppointmentId is not null).ToLookup(d => (d.AppointmentId!.Value, d.Revision));
        foreach (var appointment in books.Appointments.Where(a => a.Announced && a.Promised && a.PasStatus == "Booked" && a.Start > books.ReadAt))
        {
            var deadlines = byRevision[(appointment.Id, appointment.Revision)].ToList();
            verdict.Look("L2", deadlines.Count > 0, $"appointment {appointment.Id} revision {appointment.Revision}", "was promised a letter and has no deadline");
        }

        foreach (var deadline in books.Deadlines.Where(d => OpenStates.Contains(d.State)))
        {
            var due = deadline is { Held: true, LastSafeAt: { } lastSafe } ? lastSafe : deadline.DueAt;
            due = due > deadline.CreatedAt ? due : deadline.CreatedAt; // promised when it was late already (A22)
            var excused = deadline.State == "Suspended" || deadline.AlarmedAt is not null || due + Overdue > books.ReadAt;
            verdict.Look("L2", excused, $"deadline {deadline.Id}", $"is {deadline.State} since it was due at {due:O}, and nobody was alarmed");
        }
    }

    private static void Decisions(HubBooks books, Ledger ledger, Verdict verdict)
    {
        var ids = books.Appointments.ToDictionary(a => a.SourceId, a => a.Id);
        var answers = books.Answers.ToLookup(a => (a.AppointmentId, a.Answer));
        var tasks = books.Tasks.Where(t => t.AppointmentId is not null).ToLookup(t => t.AppointmentId!.Value);
        var grain = TimeSpan.FromSeconds(1);
        var decisions = ledger.All<PatientDecided>().ToList();
        foreach (var decided in decisions.Where(d => ids.ContainsKey(d.AppointmentSourceId)))
        {
            var id = ids[decided.AppointmentSourceId];
            var subject = $"appointment {id}, {decided.Decision}";
            var recorded = answers[(id, decided.Decision)].Where(a => a.At <= decided.AnsweredAt + grain).ToList();
            if (decided.Taken)
                verdict.Look("L3", recorded.Count > 0, subject, "was taken and is not on record");
            else if (!decided.Unclear)
                verdict.Look("L3", !recorded.Exists(a => a.At >= decided.AskedAt - grain) || decisions.Exists(d => d != decided && d.AppointmentSourceId == decided.AppointmentSourceId && d.Decision == decided.Decision && (d.Taken || d.Unclear)),
                    subject, $"was refused with {decided.Status} and is on record all the same");
        }

        foreach (var answer in books.Answers.Where(a => a.Answer is "rebook" or "cancel"))
            verdict.Look("L3", tasks[answer.AppointmentId].Any(), $"appointment {answer.AppointmentId}, {answer.Answer}", "is on record without a task for the booking centre");
    }

    private static void Transport(HubBooks books, Verdict verdict)
    {
        foreach (var outbox in books.Outboxes)
            verdict.Look("L4", outbox is { Waiting: 0, Parked: 0 }, $"outbox of {outbox.Service}", $"{outbox.Waiting} rows wait, {outbox.Parked} are parked");
        foreach (var queue in books.Queues.Where(q => q.Name != "patienthub.events.unheard"))
            verdict.Look("L4", queue.Messages == 0, $"queue {queue.Name}", $"{queue.Messages} messages lie in it{(queue.Fault is null ? "" : $", the first because of {queue.Fault}")}");
    }

    private static void Copies(HubBooks books, Verdict verdict)
    {
        var copies = books.Copies.ToDictionary(c => (c.Service, c.AppointmentId));
        foreach (var appointment in books.Appointments.Where(a => a.Announced))
        {
            foreach (var service in (string[])["letters", "notifications", "postal"])
            {
                var copy = copies.GetValueOrDefault((service, appointment.Id));
                // Letters hears of bookings and changes, not of answers.
                verdict.Look("L5", copy is not null && (copy.Version == appointment.Version || service == "letters") && copy.Revision == appointment.Revision && copy.PasStatus == appointment.PasStatus,
                    $"appointment {appointment.Id} in {service}", copy is null ? "is unknown" : $"is known as version {copy.Version} ({copy.PasStatus}), it is {appointment.Version} ({appointment.PasStatus})");
            }
        }
    }

    private static void Ends(HubBooks books, Verdict verdict)
    {
        var printed = books.Printed.Select(p => (p.LetterId, p.LetterVersion)).ToHashSet();
        var opened = books.LetterVersions.Where(v => v.OpenedAt is not null).Select(v => (v.LetterId, v.Version)).ToHashSet();
        foreach (var deadline in books.Deadlines.Where(d => d.State is "Posted" or "Opened"))
        {
            var letter = (deadline.LetterId ?? Guid.Empty, deadline.LetterVersion ?? 0);
            verdict.Look("L6", deadline.State == "Posted" ? printed.Contains(letter) : opened.Contains(letter), $"deadline {deadline.Id}",
                deadline.State == "Posted" ? "counts as posted, and the print house has no such letter" : "counts as opened, and nobody opened that version");
        }
    }
}
