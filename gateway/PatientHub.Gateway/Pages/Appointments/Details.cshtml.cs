using Microsoft.AspNetCore.Mvc;
using PatientHub.Appointments.Contracts;
using PatientHub.Calendar;
using PatientHub.Gateway.Clients;
using PatientHub.Gateway.Texts;
using PatientHub.PostalFallback.Contracts.Http;

namespace PatientHub.Gateway.Pages.Appointments;

/// <summary>One appointment: when, where, how, its letter, what may be done until when (A6) and by phone after that (R21).</summary>
internal sealed class DetailsModel(AppointmentsClient client, PostClient post, PageTexts texts, TimeProvider time) : AppointmentPageModel(client)
{
    /// <summary>What has become of the answer that led here.</summary>
    public sealed record Notice(bool Good, Text Heading, Text Text, bool Phone = false);

    public Notice? Banner { get; private set; }

    public bool IsToCome => Appointment.PasStatus == PasStatus.Booked && Appointment.Start > time.GetUtcNow();

    public bool IsOver => Appointment.PasStatus == PasStatus.Booked && !IsToCome;

    public bool IsPast(DateTimeOffset instant) => instant < time.GetUtcNow();

    /// <summary>The day by which we promised to call has gone by (A9).</summary>
    public bool IsLate => Appointment.CallBackBy < LondonTime.DateOf(time.GetUtcNow());

    /// <summary>
    /// What becomes of the letter by post. The post knows best: what was asked for (A17), or goes by post in any case, is posted whether it is opened here or not. When it does not answer, what
    /// Appointments has heard of it.
    /// </summary>
    public Text? ByPost { get; private set; }

    public CalendarLinks Links => new(texts, Appointment);

    public async Task<IActionResult> OnGetAsync(string? did, string? tried, string? why, CancellationToken cancellationToken)
    {
        if (await LoadAsync(cancellationToken) is { } instead)
            return instead;
        Banner = Answered(did ?? tried) ?? (tried is null ? null : Refused(why));
        if (IsToCome && Appointment is { LetterId: { } letter, PostedAt: null })
            ByPost = Posting((await post.StandingAsync(letter, cancellationToken)).Value);
        return Page();
    }

    private Text? Posting(PostStanding? standing) => (standing, Appointment) switch
    {
        ({ Progress: PostProgress.Waiting, Requested: true, HandOverAt: { } at }, _) => texts["Letters.Post.Asked", texts.Date(at)],
        ({ Progress: PostProgress.Waiting, Anyway: true, HandOverAt: { } at }, _) => texts["Letters.Post.Anyway", texts.Date(at)],
        ({ Progress: PostProgress.Printing }, _) => texts["Letters.Post.Printing"],
        ({ Progress: PostProgress.ByPeople }, _) => texts["Letters.Post.ByPeople"],
        (_, { LetterOpened: true }) => texts["Appointments.Letter.Opened"],
        (_, { RequestOpen: true }) => texts["Appointments.Letter.Held"],
        (_, { PostDueAt: { } due }) => texts["Appointments.Letter.WillPost", texts.Date(due)],
        _ => null,
    };

    /// <summary>Said only if the appointment itself says so: an address alone proves nothing.</summary>
    private Notice? Answered(string? answer) => (answer, Appointment.PatientRequest, Appointment.RequestOpen) switch
    {
        ("accept", PatientRequest.Accepted, _) => new Notice(true, texts["Appointments.Did.Accept.Heading"], texts[Appointment.CanChange ? "Appointments.Did.Accept.Text" : "Appointments.Did.AcceptOnly.Text"]),
        ("rebook", PatientRequest.RebookRequested, true) => new Notice(true, texts["Appointments.Did.Rebook.Heading"], texts["Appointments.Did.Rebook.Text"]),
        ("cancel", PatientRequest.CancellationRequested, true) => new Notice(true, texts["Appointments.Did.Cancel.Heading"], texts["Appointments.Did.Cancel.Text"]),
        ("withdraw", not (PatientRequest.RebookRequested or PatientRequest.CancellationRequested), _) => new Notice(true, texts["Appointments.Did.Withdraw.Heading"], texts["Appointments.Did.Withdraw.Text"]),
        _ => null,
    };

    private Notice Refused(string? why) => why switch
    {
        "inside-five-days" => new Notice(false, texts["Appointments.Why.FiveDays.Heading"], texts["Appointments.Why.FiveDays.Text"], Phone: true),
        "letter-changed" => new Notice(false, texts["Appointments.Why.Letter.Heading"], texts["Appointments.Why.Letter.Text"]),
        "claimed" => new Notice(false, texts["Appointments.Why.Claimed.Heading"], texts["Appointments.Why.Claimed.Text"], Phone: true),
        "request-open" => new Notice(false, texts["Appointments.Why.Open.Heading"], texts["Appointments.Why.Open.Text"]),
        "no-request" => new Notice(false, texts["Appointments.Why.NoRequest.Heading"], texts["Appointments.Why.NoRequest.Text"]),
        "not-offered" => new Notice(false, texts["Appointments.Why.NotOffered.Heading"], texts["Appointments.Why.NotOffered.Text"], Phone: true),
        "started" or "not-booked" => new Notice(false, texts["Appointments.Why.Over.Heading"], texts["Appointments.Why.Over.Text"], Phone: true),
        _ => new Notice(false, texts["Appointments.Why.Changed.Heading"], texts["Appointments.Why.Changed.Text"]),
    };
}
