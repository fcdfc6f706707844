using PatientHub.Appointments.Contracts.Http;
using PatientHub.Gateway.Session;

namespace PatientHub.Gateway.Clients;

/// <summary>Appointments on the patient's behalf.</summary>
internal sealed class AppointmentsClient(HttpClient http, CurrentPatient patient)
{
    public Task<Part<MyAppointments>> ListAsync(CancellationToken cancellationToken) => http.LoadAsync<MyAppointments>("api/me/appointments", patient, cancellationToken);

    public Task<Part<MyAppointment>> GetAsync(Guid id, CancellationToken cancellationToken) => http.LoadAsync<MyAppointment>($"api/me/appointments/{id}", patient, cancellationToken);

    public Task<HttpResponseMessage?> CalendarAsync(Guid id, CancellationToken cancellationToken) => http.FileAsync($"api/me/appointments/{id}/calendar.ics", patient, cancellationToken);

    /// <param name="toKeep">A drawing comes as PDF: a picture that every phone can show on a page is not one that it can keep or print.</param>
    public Task<HttpResponseMessage?> MapAsync(Guid id, bool toKeep, CancellationToken cancellationToken) => http.FileAsync($"api/me/appointments/{id}/map{(toKeep ? "?drawing=pdf" : "")}", patient, cancellationToken);

    public Task<Outcome> AcceptAsync(Guid id, AcceptAppointment body, CancellationToken cancellationToken) =>
        http.SendAsync(HttpMethod.Post, $"api/me/appointments/{id}/accept", body, patient, cancellationToken);

    public Task<Outcome> RebookAsync(Guid id, RequestRebook body, CancellationToken cancellationToken) =>
        http.SendAsync(HttpMethod.Post, $"api/me/appointments/{id}/rebook", body, patient, cancellationToken);

    public Task<Outcome> CancelAsync(Guid id, RequestCancellation body, CancellationToken cancellationToken) =>
        http.SendAsync(HttpMethod.Post, $"api/me/appointments/{id}/cancel", body, patient, cancellationToken);

    public Task<Outcome> WithdrawAsync(Guid id, WithdrawRequest body, CancellationToken cancellationToken) =>
        http.SendAsync(HttpMethod.Post, $"api/me/appointments/{id}/withdraw", body, patient, cancellationToken);

    public Task<Part<MyCalendarFeed>> FeedAsync(CancellationToken cancellationToken) => http.LoadAsync<MyCalendarFeed>("api/me/calendar-feed", patient, cancellationToken);

    /// <summary>The new address's token, told this once; null with the reason of a refusal.</summary>
    public Task<(Outcome Outcome, NewCalendarFeed? Feed)> SwitchFeedOnAsync(SwitchCalendarFeedOn body, CancellationToken cancellationToken) =>
        http.SendForAsync<SwitchCalendarFeedOn, NewCalendarFeed>(HttpMethod.Post, "api/me/calendar-feed", body, patient, cancellationToken);

    public Task<Outcome> SwitchFeedOffAsync(CancellationToken cancellationToken) => http.SendAsync<object?>(HttpMethod.Delete, "api/me/calendar-feed", null, patient, cancellationToken);

    public Task<Part<MyContactCorrections>> CorrectionsAsync(CancellationToken cancellationToken) => http.LoadAsync<MyContactCorrections>("api/me/contact-corrections", patient, cancellationToken);

    public Task<Outcome> ReportAsync(ReportWrongContacts body, CancellationToken cancellationToken) =>
        http.SendAsync(HttpMethod.Post, "api/me/contact-corrections", body, patient, cancellationToken);
}
