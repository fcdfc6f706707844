using System.ComponentModel.DataAnnotations;

namespace PatientHub.Messaging;

/// <summary>Settings of outbox and inbox. The defaults suit production; tests shorten them.</summary>
public sealed class MessagingOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Messaging";

    /// <summary>Rows per round of the dispatcher, and so the number of its publishes in flight. Default 500.</summary>
    [Range(1, 5_000)]
    public int BatchSize { get; set; } = 500;

    /// <summary>Rounds of the dispatcher at once in one process while there is a backlog, each over connections of its own. Default 2: one publishes while the other is at the database.</summary>
    [Range(1, 16)]
    public int Dispatchers { get; set; } = 2;

    /// <summary>How often the outbox is looked at when nothing wakes the dispatcher. Default 1 s.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Least time from the begin of one round to the begin of the next while commits follow each other, so that each round takes several rows: a round for one row costs nearly as
    /// much as one for fifty. The first commit after a rest leaves at once. Default 20 ms; 0 switches it off.
    /// </summary>
    public TimeSpan Gather { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>After this a publish without a confirm counts as failed; the row stays and goes again. Default 10 s.</summary>
    public TimeSpan PublishTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>First delay of a refused row; it doubles up to <see cref="MaxBackOff"/>. Default 1 s.</summary>
    public TimeSpan FirstBackOff { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest delay of a refused row. Default 1 min.</summary>
    public TimeSpan MaxBackOff { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>First delay before a consumer tries again after a transient fault; it grows up to <see cref="MaxRetryDelay"/>. Default 200 ms.</summary>
    public TimeSpan FirstRetryDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest delay between tries of a consumer. Default 15 s.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often a service looks into its error and dead-letter queues. Default 1 min.</summary>
    public TimeSpan DeadLettersEvery { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How often it looks whether queues of dead letters have come into being that none of its own messages made. Default 10 min.</summary>
    public TimeSpan DeadLetterSearchEvery { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>What lies there for so long is an alarm (A29). Default 15 min.</summary>
    public TimeSpan DeadLetterAlarmAfter { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long the inbox remembers a message. Longer than any message may lie in a queue. Default 30 days.</summary>
    public TimeSpan InboxRetention { get; set; } = TimeSpan.FromDays(30);
}
