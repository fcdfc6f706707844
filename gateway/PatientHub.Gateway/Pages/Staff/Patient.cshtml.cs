using Microsoft.AspNetCore.Mvc;
using PatientHub.Appointments.Contracts;
using PatientHub.Gateway.Clients;
using PatientHub.Gateway.Staff;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Notifications.Contracts.Http;
using PatientHub.PostalFallback.Contracts.Http;

namespace PatientHub.Gateway.Pages.Staff;

/// <summary>A patient: details, what was sent and posted and why, and what the desk can change. Each look is recorded by the services that are asked.</summary>
internal sealed class PatientModel(DeskPatientsClient patients, DeskMessagesClient messages, DeskPostClient post, CurrentStaff staff) : HubPageModel
{
    [FromRoute(Name = "id")] public Guid Id { get; set; }

    public Guid? Task => Guid.TryParse(Request.Query["task"], out var task) ? task : null;

    public StaffPatient Patient { get; private set; } = null!;

    public Part<StaffHistory> History { get; private set; } = Part<StaffHistory>.Down;

    public Part<List<StaffPostLine>> Post { get; private set; } = Part<List<StaffPostLine>>.Down;

    public string? Did => ActWords.Of(Request.Query["did"])?.Done;

    /// <summary>What makes sense for this patient now.</summary>
    public IEnumerable<ActWords> Acts
    {
        get
        {
            if (History.Value?.Preferences is { } prefers)
                yield return ActWords.Of(prefers.OptedOut ? StaffActs.OptIn : StaffActs.OptOut)!;
            yield return ActWords.Of(Patient.LettersOnlyByStaff ? StaffActs.LettersOnlyOff : StaffActs.LettersOnlyOn)!;
            yield return ActWords.Of(Patient.CodesByEmail ? StaffActs.CodesByEmailOff : StaffActs.CodesByEmailOn)!;
            if (Patient.Mobiles.Concat(Patient.Emails).Any(contact => contact.State is "doubtful" or "parents"))
                yield return ActWords.Of(StaffActs.ContactsConfirmed)!;
        }
    }

    public string AddressOf(string act) => $"/staff/patients/{Patient.PatientId}/acts/{act}?task={Task}";

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        // A browser that looks ahead reads nothing that would be recorded as read.
        if (staff.IsPrefetch)
            return StatusCode(StatusCodes.Status204NoContent);
        var (reading, history, posted) = (patients.ReadAsync(Id, cancellationToken), messages.HistoryAsync(Id, cancellationToken), post.ListAsync(Id, cancellationToken));
        await System.Threading.Tasks.Task.WhenAll(reading, history, posted);
        var part = await reading;
        if (part.IsDown)
            throw new HttpRequestException("Identity is down.", null, System.Net.HttpStatusCode.ServiceUnavailable);
        if (part.Value is not { } patient)
            return NotFound();
        // What was merged lies at the survivor's address.
        if (patient.PatientId != Id)
            return SeeOther($"/staff/patients/{patient.PatientId}?task={Task}");
        (Patient, History, Post) = (patient, await history, await posted);
        return Page();
    }
}
