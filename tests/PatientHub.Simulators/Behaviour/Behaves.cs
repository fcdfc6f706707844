namespace PatientHub.Simulators.Behaviour;

/// <summary>How a number or an email address behaves. The words in brackets are the provider's.</summary>
public enum Behaves
{
    /// <summary>Accepted, sent, delivered, each state reported once and in order.</summary>
    Delivers,

    // ---- refused by the provider at once ----

    /// <summary>Text: 400 with 21211, not a phone number. Email: 400.</summary>
    InvalidAddress,

    /// <summary>Text: 400 with 21610, the person sent STOP. Email: event `dropped`, unsubscribed.</summary>
    Stopped,

    /// <summary>Text: 400 with 21614, not a mobile number. Email: as <see cref="Unknown"/>.</summary>
    NotMobile,

    // ---- accepted, then failed for good ----

    /// <summary>Text: `undelivered` with 30006, a landline. Email: as <see cref="Unknown"/>.</summary>
    Landline,

    /// <summary>Text: `undelivered` with 30005, unknown number. Email: event `bounce`, 5.1.1.</summary>
    Unknown,

    // ---- accepted, then failed for now ----

    /// <summary>Text: `undelivered` with 30003, switched off. Email: event `deferred` and then `delivered`.</summary>
    Unreachable,

    /// <summary>Text: `undelivered` with 30007, filtered. Email: event `bounce` of type `blocked`.</summary>
    Filtered,

    /// <summary>Text: `failed` with 30008. Email: event `dropped`.</summary>
    Fails,

    // ---- the provider is in trouble ----

    /// <summary>429 with Retry-After; not accepted.</summary>
    TooManyRequests,

    /// <summary>500; not accepted.</summary>
    ServerError,

    /// <summary>Accepted and delivered, but the answer never comes.</summary>
    AcceptsThenTimesOut,

    /// <summary>Accepted and delivered, but the answer is a 500.</summary>
    AcceptsThenServerError,

    /// <summary>The answer never comes and nothing was accepted.</summary>
    TimesOut,

    /// <summary>The connection is reset without an answer and nothing was accepted.</summary>
    Resets,

    /// <summary>Accepted and delivered, but the connection is reset without an answer.</summary>
    AcceptsThenResets,

    /// <summary>Accepted and delivered; the answer comes byte by byte, slower than anybody's patience.</summary>
    Drips,

    /// <summary>Accepted and delivered; the answer has a good status (text: 201, email: 200) and a body that is no JSON, and no id.</summary>
    Garbage,

    // ---- the reports are in trouble ----

    /// <summary>Every report comes twice.</summary>
    DuplicateCallbacks,

    /// <summary>Reports come newest first.</summary>
    OutOfOrderCallbacks,

    /// <summary>Reports come in order, all of them only when `Simulators:LateBy` has passed.</summary>
    LateCallbacks,

    /// <summary>Delivered, never reported.</summary>
    NoCallbacks,
}
