using PatientHub.Appointments.Contracts.Http;
using PatientHub.Gateway.Session;

namespace PatientHub.Gateway.Clients;

/// <summary>Appointments on the patient's behalf.</summary>
internal sealed class AppointmentsClient(HttpClient http, CurrentPatient patient)
{
    public Task<Part<MyAppointments>> ListAsync(CancellationToken cancellationToken) => http.LoadAsync<MyAppointments>("api/me/appointments", patient, cancellationToken);

    public Task<Part<MyAppointment>> GetAsync(Guid id, CancellationToken cancellationToken) => http.LoadAsync<MyAppointment>($"api/me/appointments/{id}", patient, cancellationToken);

    public Task<HttpResponseMessage?> CalendarAsync(Guid id, CancellationToken cancellationToken) => http.FileAsync($"api/me/appointments/{id}/calendar.ics", patient, cancellationToken);

    public Task<Outcome> AcceptAsync(Guid id, AcceptAppointment body, CancellationToken cancellationToken) =>
        http.SendAsync(HttpMethod.Post, $"api/me/appointments/{id}/accept", body, patient, cancellationToken);

    public Task<Outcome> RebookAsync(Guid id, RequestRebook body, CancellationToken cancellationToken) =>
        http.SendAsync(HttpMethod.Post, $"api/me/appointments/{id}/rebook", body, patient, cancellationToken);

    public Task<Outcome> CancelAsync(Guid id, RequestCancellation body, CancellationToken cancellationToken) =>
        http.SendAsync(HttpMethod.Post, $"api/me/appointments/{id}/cancel", body, patient, cancellationToken);

    public Task<Outcome> WithdrawAsync(Guid id, WithdrawRequest body, CancellationToken cancellationToken) =>
        http.SendAsync(HttpMethod.Post, $"api/me/appointments/{id}/withdraw", body, patient, cancellationToken);
}
