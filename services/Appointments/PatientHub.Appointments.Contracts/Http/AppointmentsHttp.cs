namespace PatientHub.Appointments.Contracts.Http;

/// <summary>Settings of a clinic that FHIR has no field for. <c>PUT /api/clinics/{sourceId}/settings</c>, scope <c>trust.admin</c>; sourceId is the HealthcareService's id in the PAS.</summary>
public sealed record ClinicSettings
{
    /// <summary>Name as patients read it on the pages (never in a message).</summary>
    public required string DisplayName { get; init; }
    /// <summary>How much of it is on the hub (R1).</summary>
    public required ClinicMode Mode { get; init; }
    /// <summary>From when the mode invites: appointments booked before it do not (R1). UTC.</summary>
    public required DateTimeOffset ModeSince { get; init; }
    /// <summary>Telephone number for changes; stands on every letter (R10, R21).</summary>
    public required string Phone { get; init; }
    /// <summary>Opening hours of that number, as patients read them.</summary>
    public string? PhoneHours { get; init; }
    /// <summary>Who makes the letter.</summary>
    public LetterSource LetterSource { get; init; } = LetterSource.Template;
    /// <summary>Key of the letter template; null for the trust's standard one.</summary>
    public string? LetterTemplate { get; init; }
    /// <summary>Days of notice for post, 0 to 60 (A22).</summary>
    public int PostalNoticeDays { get; init; }
    /// <summary>True when a desk works off its requests: only then rebook and cancel are offered (A10).</summary>
    public bool DeskConfigured { get; init; } = true;
    /// <summary>What to bring or do before, plain text, one item a line.</summary>
    public string? Preparation { get; init; }
}

/// <summary>Settings of a site. <c>PUT /api/sites/{sourceId}/settings</c>, scope <c>trust.admin</c>; sourceId is the Location's id in the PAS.</summary>
public sealed record SiteSettings
{
    /// <summary>Name as patients read it, also in messages.</summary>
    public required string DisplayName { get; init; }
    /// <summary>Parking and access notes, plain text.</summary>
    public string? Parking { get; init; }
    /// <summary>The way in words (bus, on foot, which entrance), plain text: for whoever cannot use the map.</summary>
    public string? Directions { get; init; }
}

/// <summary>
/// The map of a site: <c>GET /api/me/appointments/{id}/map</c>. What the trust uploaded with <c>PUT /api/sites/{sourceId}/map</c> (scope <c>trust.admin</c>; PNG, JPEG or PDF,
/// at most 4 MB; <c>DELETE</c> takes it away), else a drawing from the coordinates that the PAS gives.
/// </summary>
public sealed record SiteMap
{
    /// <summary>True for the drawing: where the site lies by distance and direction, without streets.</summary>
    public required bool Drawn { get; init; }
    /// <summary><c>image/png</c>, <c>image/jpeg</c>, <c>application/pdf</c>, or <c>image/svg+xml</c> for the drawing.</summary>
    public required string ContentType { get; init; }
    /// <summary>Length of the uploaded file; null for the drawing.</summary>
    public int? Bytes { get; init; }
}

/// <summary>One line of the patient's list. <c>GET /api/me/appointments</c> → <see cref="MyAppointments"/>.</summary>
public sealed record MyAppointments
{
    /// <summary>Booked and not yet started, soonest first.</summary>
    public required IReadOnlyList<MyAppointment> Upcoming { get; init; }
    /// <summary>Past or cancelled within 24 months, newest first (R26).</summary>
    public required IReadOnlyList<MyAppointment> Past { get; init; }
}

/// <summary>An appointment as its patient sees it. <c>GET /api/me/appointments/{id}</c>; 404 when it is not theirs, hidden or unknown.</summary>
public sealed record MyAppointment
{
    /// <summary>Id in addresses.</summary>
    public required Guid AppointmentId { get; init; }
    /// <summary>Start, UTC.</summary>
    public required DateTimeOffset Start { get; init; }
    /// <summary>End, UTC, when the PAS gives one.</summary>
    public DateTimeOffset? End { get; init; }
    /// <summary>How it takes place.</summary>
    public required AppointmentMedium Medium { get; init; }
    /// <summary>Clinic as patients read it.</summary>
    public required string ClinicName { get; init; }
    /// <summary>Telephone number for changes.</summary>
    public required string ClinicPhone { get; init; }
    /// <summary>Opening hours of that number.</summary>
    public string? ClinicPhoneHours { get; init; }
    /// <summary>Clinic's mode (R1).</summary>
    public required ClinicMode ClinicMode { get; init; }
    /// <summary>Site as patients read it; null without one.</summary>
    public string? SiteName { get; init; }
    /// <summary>Address lines of the site.</summary>
    public required IReadOnlyList<string> SiteAddress { get; init; }
    /// <summary>Latitude of the site in degrees (WGS 84).</summary>
    public double? SiteLatitude { get; init; }
    /// <summary>Longitude of the site in degrees (WGS 84).</summary>
    public double? SiteLongitude { get; init; }
    /// <summary>Parking and access notes.</summary>
    public string? SiteParking { get; init; }
    /// <summary>The way in words.</summary>
    public string? SiteDirections { get; init; }
    /// <summary>The map that there is; null without one, and for appointments by telephone or video.</summary>
    public SiteMap? SiteMap { get; init; }
    /// <summary>What to bring or do before.</summary>
    public string? Preparation { get; init; }
    /// <summary>What the PAS says.</summary>
    public required PasStatus PasStatus { get; init; }
    /// <summary>What the patient asked for.</summary>
    public required PatientRequest PatientRequest { get; init; }
    /// <summary>When the patient asked, UTC.</summary>
    public DateTimeOffset? PatientRequestAt { get; init; }
    /// <summary>True while that request waits for the booking centre.</summary>
    public required bool RequestOpen { get; init; }
    /// <summary>While the request is open: the London date by which the booking centre has called; after it the patient should phone (A9).</summary>
    public DateOnly? CallBackBy { get; init; }
    /// <summary>True when the time moved after the request was made ("moved since", A15).</summary>
    public bool MovedSinceRequest { get; init; }
    /// <summary>True when accept is possible now (A7).</summary>
    public required bool CanAccept { get; init; }
    /// <summary>True when rebook and cancel are possible now (R21, A6, A10).</summary>
    public required bool CanChange { get; init; }
    /// <summary>True when an open request can still be withdrawn (A10).</summary>
    public required bool CanWithdraw { get; init; }
    /// <summary>Last instant for changes online (A6), UTC; null when the clinic never offers them.</summary>
    public DateTimeOffset? ChangeUntil { get; init; }
    /// <summary>The current letter's id; null until it is ready.</summary>
    public Guid? LetterId { get; init; }
    /// <summary>The current letter's version.</summary>
    public int? LetterVersion { get; init; }
    /// <summary>True when that version was opened (A3).</summary>
    public bool LetterOpened { get; init; }
    /// <summary>When the letter will go by post unless it is opened, UTC.</summary>
    public DateTimeOffset? PostDueAt { get; init; }
    /// <summary>When the letter was posted, UTC (R5).</summary>
    public DateTimeOffset? PostedAt { get; init; }
    /// <summary>Version of the aggregate; sent back with every answer.</summary>
    public required int Version { get; init; }
    /// <summary>Revision (A15); sent back with every answer.</summary>
    public required int Revision { get; init; }
}

/// <summary>Body of <c>POST /api/me/appointments/{id}/accept</c>. 204; 404; 409 with code <c>superseded</c>, <c>letter-changed</c>, <c>not-booked</c>, <c>started</c>, <c>request-open</c> or <c>not-offered</c>.</summary>
public sealed record AcceptAppointment
{
    /// <summary>The revision the page showed.</summary>
    public required int Revision { get; init; }
    /// <summary>The version the page showed: when anything was answered or changed since, 409 <c>superseded</c>. Null: only the revision is compared.</summary>
    public int? Version { get; init; }
    /// <summary>The letter the page showed.</summary>
    public required Guid LetterId { get; init; }
    /// <summary>The letter's version the page showed (A3).</summary>
    public required int LetterVersion { get; init; }
}

/// <summary>Body of <c>POST /api/me/appointments/{id}/rebook</c>. 204; 404; 409 with code <c>superseded</c>, <c>inside-five-days</c> (with <c>phone</c>), <c>not-offered</c>, <c>request-open</c> or <c>not-booked</c>; 400 when a text is over 500 characters.</summary>
public sealed record RequestRebook
{
    /// <summary>The revision the page showed.</summary>
    public required int Revision { get; init; }
    /// <summary>The version the page showed: when anything was answered or changed since, 409 <c>superseded</c>. Null: only the revision is compared.</summary>
    public int? Version { get; init; }
    /// <summary>Times that do not suit, the patient's words, up to 500 characters.</summary>
    public string? UnsuitableTimes { get; init; }
    /// <summary>Preferred way and hours to be reached, up to 500 characters.</summary>
    public string? HowToReach { get; init; }
}

/// <summary>Body of <c>POST /api/me/appointments/{id}/cancel</c>. Answers as <see cref="RequestRebook"/>.</summary>
public sealed record RequestCancellation
{
    /// <summary>The revision the page showed.</summary>
    public required int Revision { get; init; }
    /// <summary>The version the page showed: when anything was answered or changed since, 409 <c>superseded</c>. Null: only the revision is compared.</summary>
    public int? Version { get; init; }
    /// <summary>Reason, the patient's words or one of the offered, up to 500 characters.</summary>
    public string? Reason { get; init; }
    /// <summary>Preferred way and hours to be reached, up to 500 characters.</summary>
    public string? HowToReach { get; init; }
}

/// <summary>Body of <c>POST /api/me/appointments/{id}/withdraw</c>. 204; 404; 409 with code <c>claimed</c>, <c>no-request</c> or <c>superseded</c>.</summary>
public sealed record WithdrawRequest
{
    /// <summary>The revision the page showed.</summary>
    public required int Revision { get; init; }
    /// <summary>The version the page showed: when anything was answered or changed since, 409 <c>superseded</c>. Null: only the revision is compared.</summary>
    public int? Version { get; init; }
}

/// <summary>The last look (design section 2). <c>POST /internal/appointments/standing</c>, scope <c>standing.read</c>, at most 500 ids.</summary>
public sealed record AppointmentStandingQuery
{
    /// <summary>Appointments to look at.</summary>
    public required IReadOnlyList<Guid> AppointmentIds { get; init; }
}

/// <summary>How one appointment stands at this moment; unknown ids are left out of the answer (a list of these).</summary>
public sealed record AppointmentStanding
{
    /// <summary>The whole public state.</summary>
    public required AppointmentState Appointment { get; init; }
    /// <summary>Site as patients read it in messages; null without one.</summary>
    public string? SiteName { get; init; }
    /// <summary>Address lines of the site.</summary>
    public required IReadOnlyList<string> SiteAddress { get; init; }
    /// <summary>Clinic as patients read it in letters (never in messages, A25).</summary>
    public required string ClinicName { get; init; }
    /// <summary>Telephone number for changes.</summary>
    public required string ClinicPhone { get; init; }
    /// <summary>Opening hours of that number.</summary>
    public string? ClinicPhoneHours { get; init; }
    /// <summary>Template key for Letters; null for the standard one.</summary>
    public string? LetterTemplate { get; init; }
    /// <summary>What to bring or do before.</summary>
    public string? Preparation { get; init; }
    /// <summary>Last instant for changes online (A6); null when the clinic never offers them.</summary>
    public DateTimeOffset? ChangeUntil { get; init; }
    /// <summary>True while rebook and cancel are offered online (R21, A10); false: letters and messages name the telephone for them.</summary>
    public required bool OffersChanges { get; init; }
}

/// <summary>The patient's private calendar feed (R24). <c>GET /api/me/calendar-feed</c>. The address is never told again: only a hash of its token is kept.</summary>
public sealed record MyCalendarFeed
{
    /// <summary>True while calendars can fetch it.</summary>
    public required bool IsOn { get; init; }
    /// <summary>When it was switched on or given its newest address, UTC; null when it never was.</summary>
    public DateTimeOffset? Since { get; init; }
    /// <summary>When a calendar last fetched it, to the hour, UTC; null when none has.</summary>
    public DateTimeOffset? LastFetched { get; init; }
    /// <summary>Why it ended; null while it is on or never was.</summary>
    public CalendarFeedEnd? EndedBy { get; init; }
    /// <summary>Rises with every change; 0 when it never was on. Sent back with every change.</summary>
    public required int Version { get; init; }
}

/// <summary>Why a calendar feed ended.</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(System.Text.Json.Serialization.JsonStringEnumConverter<CalendarFeedEnd>))]
public enum CalendarFeedEnd
{
    /// <summary>The patient switched it off.</summary>
    SwitchedOff,
    /// <summary>The patient opted out of messages (R30).</summary>
    OptedOut,
    /// <summary>A mobile number or email address on record changed (A30).</summary>
    ContactChanged,
    /// <summary>The record was merged with another one (A30).</summary>
    Merged,
    /// <summary>Nobody may sign in to the record any more: died, restricted, inactive or "no portal" (A24).</summary>
    RecordClosed,
    /// <summary>The young person is 16: whoever switched it on was a parent (A31).</summary>
    Sixteen,
    /// <summary>No calendar has fetched it for 90 days.</summary>
    Idle,
}

/// <summary>
/// Body of <c>POST /api/me/calendar-feed</c>: switches it on, or gives it a new address while it is on (the old one ends). 200 with <see cref="NewCalendarFeed"/>;
/// 409 <c>superseded</c> when <see cref="Version"/> is not the current one: a second press of the button changes nothing.
/// </summary>
public sealed record SwitchCalendarFeedOn
{
    /// <summary>The version the page showed.</summary>
    public required int Version { get; init; }
}

/// <summary>The feed's address: <c>{PublicBaseUrl}/calendar-feed/{Token}.ics</c>. Told once.</summary>
public sealed record NewCalendarFeed
{
    /// <summary>256 random bits, base64url. Whoever has it can read times and places: never in a log.</summary>
    public required string Token { get; init; }
}

/// <summary>
/// Body of <c>POST /api/me/contact-corrections</c> (R29): the patient says that details on record are wrong. It changes nothing on record: it is a task for the hospital
/// (<c>contact-doubtful</c>). 204, also for the same words again; 400 without words or with more than 500 characters; 409 <c>too-many-open</c> (with <c>phone</c>) while five wait.
/// </summary>
public sealed record ReportWrongContacts
{
    /// <summary>What is wrong and what is right, the patient's words, 1 to 500 characters.</summary>
    public required string Words { get; init; }
}

/// <summary><c>GET /api/me/contact-corrections</c>: what the patient reported and nobody has dealt with yet.</summary>
public sealed record MyContactCorrections
{
    /// <summary>How many wait.</summary>
    public required int Open { get; init; }
    /// <summary>When the newest of them was reported, UTC; null when none waits.</summary>
    public DateTimeOffset? ReportedAt { get; init; }
    /// <summary>London date by which the hospital has dealt with the newest one; after it the patient should phone.</summary>
    public DateOnly? AnswerBy { get; init; }
}
