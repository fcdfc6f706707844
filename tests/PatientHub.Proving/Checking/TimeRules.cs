namespace PatientHub.Proving.Checking;

/// <summary>T: promises about time are kept. The calendar here is not the product's own: an oracle must not share its faults.</summary>
internal static class TimeRules
{
    private static readonly TimeSpan ShortLadder = TimeSpan.FromHours(1);
    private static readonly TimeSpan MostLate = TimeSpan.FromMinutes(15);
    private static readonly TimeZoneInfo London = TimeZoneInfo.FindSystemTimeZoneById("Europe/London");

    public static void Judge(HubAccess hub, HubBooks books, Verdict verdict)
    {
        Letters(hub, books, verdict);
        Changes(books, verdict);
        Deadlines(hub, books, verdict);
    }

    /// <summary>Where post goes at once, not with the batch of half past five. An open request holds the post (A3): it is let go at an instant that no book has.</summary>
    private static void Deadlines(HubAccess hub, HubBooks books, Verdict verdict)
    {
        if (hub.Ladder.PostAfterInvitation >= ShortLadder)
            return;
        var held = books.Answers.Where(a => a.Answer is "rebook" or "cancel").Select(a => a.AppointmentId).ToHashSet();
        foreach (var deadline in books.Deadlines.Where(d => d is { State: "Posted", PostedAt: not null, Reason: "Invitation" or "Booking" or "LastSafePosting" } && !(d.AppointmentId is { } id && held.Contains(id))))
        {
            var due = deadline.DueAt > deadline.CreatedAt ? deadline.DueAt : deadline.CreatedAt;
            verdict.Look("T3", deadline.PostedAt <= due + MostLate || deadline.AlarmedAt is not null, $"deadline {deadline.Id}", $"was due at {due:O} and posted at {deadline.PostedAt:O}, and nobody was alarmed");
        }
    }

    private static void Letters(HubAccess hub, HubBooks books, Verdict verdict)
    {
        var attempts = books.Attempts.ToDictionary(a => a.Id);
        var steps = books.Steps.ToDictionary(s => s.Id);
        var invitedAt = books.Taken
            .SelectMany(t => t.Reference is { } id && attempts.TryGetValue(id, out var attempt) ? attempt.StepIds.Select(step => (t.TakenAt, Step: steps.GetValueOrDefault(step))) : [])
            .Where(t => t.Step is { Kind: "Invitation", Step: 0, LetterId: not null })
            .GroupBy(t => (t.Step!.LetterId!.Value, t.Step.LetterVersion!.Value))
            .ToDictionary(g => g.Key, g => g.Min(t => t.TakenAt));
        var grain = TimeSpan.FromMilliseconds(500); // the provider's clock reading and ours of one acceptance
        foreach (var deadline in books.Deadlines.Where(d => d is { State: "Posted", PostedAt: not null, LetterId: not null, Reason: "Invitation" or "Booking" }))
        {
            var byBooking = deadline.CreatedAt + hub.Ladder.PostAfterBooking - TimeSpan.FromSeconds(5); // booked a moment before the deadline was made
            var byInvitation = invitedAt.TryGetValue((deadline.LetterId!.Value, deadline.LetterVersion!.Value), out var at) ? at + hub.Ladder.PostAfterInvitation - grain : DateTimeOffset.MaxValue;
            var earliest = byInvitation < byBooking ? byInvitation : byBooking;
            verdict.Look("T1", deadline.PostedAt >= earliest, $"deadline {deadline.Id}", $"was posted at {deadline.PostedAt:O} (due {deadline.DueAt:O}, {deadline.Reason}), not before {earliest:O} was allowed: promised {deadline.CreatedAt:O}, invited {(at == default ? "never" : $"{at:O}")}");
        }
    }

    private static void Changes(HubBooks books, Verdict verdict)
    {
        var appointments = books.Appointments.ToDictionary(a => a.Id);
        foreach (var answer in books.Answers.Where(a => a.Answer is "rebook" or "cancel" && appointments.TryGetValue(a.AppointmentId, out var now) && now.Revision == a.Revision))
        {
            var start = TimeZoneInfo.ConvertTime(appointments[answer.AppointmentId].Start, London).DateTime;
            var cutOff = start.AddDays(-5);
            if (London.IsInvalidTime(cutOff))
                cutOff = cutOff.AddHours(1);
            var latest = new DateTimeOffset(cutOff, London.IsAmbiguousTime(cutOff) ? London.GetAmbiguousTimeOffsets(cutOff).Min() : London.GetUtcOffset(cutOff));
            verdict.Look("T2", answer.At <= latest, $"appointment {answer.AppointmentId}, {answer.Answer}", $"was taken at {answer.At:O}, the last moment was {latest:O}");
        }
    }
}
