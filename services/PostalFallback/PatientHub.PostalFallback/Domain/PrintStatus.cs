namespace PatientHub.PostalFallback.Domain;

/// <summary>What the print house says of a letter: the states of NHS Notify's letter suppliers. Stored as its name.</summary>
public enum PrintStatus
{
    /// <summary>Handed over; no answer yet.</summary>
    Pending,
    /// <summary>Will be printed.</summary>
    Accepted,
    /// <summary>On paper.</summary>
    Printed,
    /// <summary>In its envelope.</summary>
    Enclosed,
    /// <summary>With Royal Mail.</summary>
    Dispatched,
    /// <summary>Put through the letter box, where the print house can know it.</summary>
    Delivered,
    /// <summary>Not taken.</summary>
    Rejected,
    /// <summary>Taken back by the print house before it went.</summary>
    Cancelled,
    /// <summary>Taken, and then it went wrong before it was dispatched.</summary>
    Failed,
    /// <summary>Came back: nobody there, or no such place.</summary>
    Returned,
    /// <summary>Given to another house (braille and the like).</summary>
    Forwarded,
}

/// <summary>
/// States only move forward: answers come twice, late and out of order. What ends the way of a letter is believed from every state that it can follow; after an end
/// nothing is, but that a delivered letter can still be sent back.
/// </summary>
public static class PrintProgress
{
    /// <summary>True when the letter did not go out.</summary>
    public static bool WentWrong(this PrintStatus status) => status is PrintStatus.Rejected or PrintStatus.Cancelled or PrintStatus.Failed;

    /// <summary>Whether <paramref name="to"/> is news to a letter at <paramref name="from"/>.</summary>
    public static bool CanFollow(PrintStatus from, PrintStatus to) => to switch
    {
        PrintStatus.Pending => false,
        PrintStatus.Rejected or PrintStatus.Cancelled or PrintStatus.Failed => from < PrintStatus.Dispatched,
        PrintStatus.Returned or PrintStatus.Forwarded => from <= PrintStatus.Delivered,
        _ => from < to,
    };
}

/// <summary>What happens to a letter that the print house did not send.</summary>
public enum RejectionOutcome
{
    /// <summary>It has it already: as good as accepted (checklist 59).</summary>
    AlreadyThere,
    /// <summary>The print house's own trouble: printed and handed over again, once.</summary>
    PrintAgain,
    /// <summary>The letter or its address is the trouble, or it went wrong twice: people.</summary>
    People,
}

/// <summary>A29: a rejected letter is never silence. Only what can be different the next time goes again by itself.</summary>
public static class RejectionRule
{
    private static readonly HashSet<string> Technical = new(StringComparer.Ordinal) { "TECHNICAL", "UNREADABLE", "CHECKSUM", "CAPACITY", "PRINTER", "DAMAGED", "LOST" };

    /// <param name="status">Rejected, cancelled or failed.</param>
    /// <param name="reason">The print house's reason code; null when it gave none.</param>
    /// <param name="printedAgain">Whether this was the second attempt already.</param>
    public static RejectionOutcome Decide(PrintStatus status, string? reason, bool printedAgain)
    {
        if (status == PrintStatus.Rejected && reason == "DUPLICATE")
            return RejectionOutcome.AlreadyThere;
        var technical = reason is null ? status != PrintStatus.Rejected : Technical.Contains(reason);
        return technical && !printedAgain ? RejectionOutcome.PrintAgain : RejectionOutcome.People;
    }
}
