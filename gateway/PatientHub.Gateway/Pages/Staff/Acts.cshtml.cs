using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Gateway.Clients;
using PatientHub.Gateway.Staff;

namespace PatientHub.Gateway.Pages.Staff;

/// <summary>The audit trail: of one patient for everybody at the desk, the whole for supervisors.</summary>
internal sealed class ActsModel(DeskClient desk, CurrentStaff staff) : HubPageModel
{
    private const int PageSize = 100;

    public Guid? Patient => Guid.TryParse(Request.Query["patient"], out var patient) ? patient : null;

    public Part<List<StaffActLine>> Lines { get; private set; } = Part<List<StaffActLine>>.Missing;

    public string? Older => Lines.Value is { Count: PageSize } lines ? "/staff/acts" + Query(lines[^1].At) : null;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset? before = DateTimeOffset.TryParse(Request.Query["before"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : null;
        if (Patient is not null || staff.IsSupervisor)
            Lines = await desk.ActsAsync(Query(before), cancellationToken);
        return Page();
    }

    private string Query(DateTimeOffset? before) => QueryString.Create(new KeyValuePair<string, string?>[]
    {
        new("patient", Patient?.ToString()), new("before", before?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)),
    }.Where(part => part.Value is not null)).ToString();
}
