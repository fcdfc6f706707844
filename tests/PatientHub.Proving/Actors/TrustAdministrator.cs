using System.Text.Json.Nodes;
using PatientHub.Proving.Books;
using PatientHub.Proving.Rig;

namespace PatientHub.Proving.Actors;

/// <summary>The trust's administrator: settings of clinics and sites, and a patient's preferences when he asks at the desk (R30).</summary>
public sealed class TrustAdministrator(HubUnderTest hub, Ledger ledger) : IDisposable
{
    private readonly MachineClient _client = new(hub, "trust-admin", "trust.admin");

    /// <param name="clinic">Its id in the PAS.</param>
    /// <param name="mode">Full, AcceptOnly, ViewOnly, Hidden.</param>
    /// <param name="change">More settings: the names of ClinicSettings in camel case.</param>
    public async Task<int?> SetClinicAsync(HospitalClinic clinic, string mode = "Full", Action<JsonObject>? change = null)
    {
        var settings = new JsonObject
        {
            ["displayName"] = clinic.Name,
            ["mode"] = mode,
            ["modeSince"] = Fhir.Instant(DateTimeOffset.UtcNow.AddYears(-1)),
            ["phone"] = "0113 496 0199",
            ["letterSource"] = "Template",
            ["deskConfigured"] = true,
        };
        change?.Invoke(settings);
        return (await _client.SendAsync(HttpMethod.Put, $"api/clinics/{clinic.SourceId}/settings", settings))?.Status;
    }

    /// <summary>Opts a patient out of messages, or in again; the act <c>opt-out</c> or <c>opt-in</c> of <see cref="StaffActed"/>, its subject the PAS's id.</summary>
    public async Task<int?> OptAsync(string patientSourceId, bool optedOut)
    {
        var answer = await _client.SendAsync(HttpMethod.Put, $"api/patients/{hub.Ids.Patient("pas", patientSourceId)}/preferences", new JsonObject { ["optedOut"] = optedOut });
        if (answer is not null)
        {
            ledger.Add(new StaffActed(answer.AskedAt, answer.AnsweredAt, answer.Status, optedOut ? "opt-out" : "opt-in", patientSourceId));
        }
        return answer?.Status;
    }

    public void Dispose() => _client.Dispose();
}
