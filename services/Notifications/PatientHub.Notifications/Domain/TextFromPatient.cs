namespace PatientHub.Notifications.Domain;

/// <summary>What a text from a number asks for.</summary>
public enum TextKind
{
    /// <summary>No texts to this number any more, whoever has it.</summary>
    Stop,

    /// <summary>Takes it back.</summary>
    Start,

    /// <summary>Anything else: a person reads it.</summary>
    Reply,
}

/// <summary>A text that came from a number, or the provider's word that its owner once sent STOP (21610). One row each; the provider's id drops repeats.</summary>
public sealed class TextFromPatient
{
    /// <summary>Twilio's SID; for 21610 our attempt.</summary>
    public required string Id { get; init; }
    public required TextKind Kind { get; init; }

    /// <summary>The number, only until its owners are known; then null: this service holds no contact.</summary>
    public string? Number { get; set; }

    /// <summary>Keyed hash of the number: one answer a day.</summary>
    public required byte[] NumberKey { get; init; }

    /// <summary>Replies: word for word, for the person who reads it.</summary>
    public string? Body { get; init; }

    /// <summary>Whose it is; null while that is not known, and for a number that nobody has.</summary>
    public Guid? PatientId { get; set; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public DateTimeOffset? DoneAt { get; set; }
    public DateTimeOffset? AnsweredAt { get; set; }

    /// <summary>STOP alone, whatever Twilio's own list has: who writes "cancel" wants to cancel an appointment, not the texts.</summary>
    public static TextKind KindOf(string body)
    {
        var word = body.Trim(' ', '\t', '\r', '\n', '.', '!', '"', '\'');
        return word.Equals("STOP", StringComparison.OrdinalIgnoreCase) ? TextKind.Stop : word.Equals("START", StringComparison.OrdinalIgnoreCase) ? TextKind.Start : TextKind.Reply;
    }
}
