using System.Text.Json.Serialization;

namespace PatientHub.PostalFallback.Contracts.Http;

/// <summary>Where a letter stands with the post.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PostProgress>))]
public enum PostProgress
{
    /// <summary>Nothing is on its way: it was opened, or was never promised by post.</summary>
    None,
    /// <summary>It will be handed over at <see cref="PostStanding.HandOverAt"/>, unless it is opened before or was asked for.</summary>
    Waiting,
    /// <summary>It is being printed.</summary>
    Printing,
    /// <summary>It was handed over at <see cref="PostStanding.PostedAt"/>.</summary>
    Posted,
    /// <summary>People send it: another format is needed, or it cannot be printed (R10, A29).</summary>
    ByPeople,
}

/// <summary>
/// <c>GET /api/me/post/{letterId}</c> and the answer of <c>POST /api/me/post/{letterId}</c> ("post me this letter", A17), with a patient's token. POST has no body and is
/// safe to repeat: a letter that waits, is being printed or was handed over a short time ago is not printed twice. 404 when the letter is not theirs, is withdrawn or
/// older than 24 months; 409 with code <c>not-sent-to</c> when nothing may be sent to this patient (A24); 503 when Letters does not answer.
/// </summary>
public sealed record PostStanding
{
    /// <summary>Where it stands.</summary>
    public required PostProgress Progress { get; init; }
    /// <summary>When it will be handed over (UTC); null when it is not waiting.</summary>
    public DateTimeOffset? HandOverAt { get; init; }
    /// <summary>True when the patient asked for it: opening does not stop it any more.</summary>
    public required bool Requested { get; init; }
    /// <summary>True when an open request about the appointment holds it (A3).</summary>
    public bool Held { get; init; }
    /// <summary>True when this patient's letters go by post whether they are opened or not (R9, R30, A17).</summary>
    public bool Anyway { get; init; }
    /// <summary>When it was handed over last (UTC), if ever.</summary>
    public DateTimeOffset? PostedAt { get; init; }
    /// <summary>The last working day on which it should have come, when it was handed over.</summary>
    public DateOnly? ArrivesBy { get; init; }
    /// <summary>False while asking changes nothing: it was asked for, is being printed, or is on its way.</summary>
    public required bool CanRequest { get; init; }
}
