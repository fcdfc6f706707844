using Microsoft.AspNetCore.Mvc;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Gateway.Clients;

namespace PatientHub.Gateway.Pages.Appointments;

/// <summary>A page about one appointment. Another patient's is "not found", as one that does not exist.</summary>
internal abstract class AppointmentPageModel(AppointmentsClient client) : HubPageModel
{
    [BindProperty(SupportsGet = true)] public Guid Id { get; set; }

    /// <summary>What the page showed when the patient answered; the service compares.</summary>
    [BindProperty] public int Revision { get; set; }

    [BindProperty] public int Version { get; set; }

    public MyAppointment Appointment { get; private set; } = null!;

    /// <summary>False when the service is down.</summary>
    public bool IsLoaded => Appointment is not null;

    protected AppointmentsClient Client => client;

    /// <summary>Null when the page can be shown.</summary>
    protected async Task<IActionResult?> LoadAsync(CancellationToken cancellationToken)
    {
        var part = await client.GetAsync(Id, cancellationToken);
        if (part.Value is not { } appointment)
            return Without(part);
        Appointment = appointment;
        return null;
    }

    /// <summary>After an answer: the appointment's page says what has become of it, from its own state.</summary>
    protected IActionResult After(string answer, Outcome outcome) => outcome switch
    {
        { Done: true } => SeeOther($"/appointments/{Id}?did={answer}"),
        { Code: Outcome.NotFound } => NotFound(),
        _ => SeeOther($"/appointments/{Id}?tried={answer}&why={Uri.EscapeDataString(outcome.Code!)}"),
    };
}
