namespace PatientHub.Simulators.Pas;

/// <summary>Where the feed stands.</summary>
public enum FeedState
{
    /// <summary>No `Pas:FhirBaseUrl`: there is no hub to feed.</summary>
    Off,

    /// <summary>The hub's machine address does not answer yet.</summary>
    Waiting,

    /// <summary>Sending.</summary>
    Feeding,

    /// <summary>Everything was sent and answered.</summary>
    Done,
}

/// <summary>An issue that the hub named in an OperationOutcome.</summary>
public sealed record FeedIssue(string Severity, string? Element, string Text);

/// <summary>The hub's answer to one resource or setting.</summary>
/// <param name="Type">FHIR type, or `settings`.</param>
/// <param name="Id">The PAS's id.</param>
/// <param name="HttpStatus">The last answer; null when there was none.</param>
/// <param name="Issues">What the OperationOutcome said.</param>
/// <param name="At">When.</param>
public sealed record FeedAnswer(string Type, string Id, int? HttpStatus, IReadOnlyList<FeedIssue> Issues, DateTimeOffset At)
{
    /// <summary>Taken (2xx), or refused because the hub already holds something newer (412).</summary>
    public bool Accepted => HttpStatus is >= 200 and < 300 or 412;
}

/// <summary>One line of the feed report.</summary>
public sealed record FeedCount(string Type, int Sent, int Created, int Updated, int Newer, int Refused, int Warnings);

/// <summary>The feed report.</summary>
public sealed record FeedReport(
    FeedState State, string? Trouble, DateTimeOffset? FinishedAt, IReadOnlyList<FeedCount> Counts, IReadOnlyList<FeedAnswer> Remarkable);

/// <summary>Keeps the hub's last answer to everything the PAS has sent.</summary>
public sealed class FeedBook
{
    private readonly Lock gate = new();
    private readonly Dictionary<(string Type, string Id), FeedAnswer> answers = [];
    private FeedState state = FeedState.Off;
    private string? trouble;
    private DateTimeOffset? finishedAt;

    /// <summary>The report as it stands.</summary>
    public FeedReport Report()
    {
        lock (gate)
        {
            var counts = answers.Values.GroupBy(answer => answer.Type).Select(group => new FeedCount(
                group.Key,
                group.Count(),
                group.Count(answer => answer.HttpStatus == 201),
                group.Count(answer => answer.HttpStatus is 200 or 204),
                group.Count(answer => answer.HttpStatus == 412),
                group.Count(answer => !answer.Accepted),
                group.Sum(answer => answer.Issues.Count(issue => issue.Severity != "information"))));
            return new FeedReport(state, trouble, finishedAt, [.. counts], [.. answers.Values.Where(answer => !answer.Accepted || answer.Issues.Any(issue => issue.Severity != "information"))]);
        }
    }

    internal void Note(FeedAnswer answer)
    {
        lock (gate)
            answers[(answer.Type, answer.Id)] = answer;
    }

    internal void Enter(FeedState next, string? why = null, DateTimeOffset? finished = null)
    {
        lock (gate)
        {
            state = next;
            trouble = why;
            finishedAt = finished ?? finishedAt;
        }
    }
}
