using PatientHub.Fhir;
using PatientHub.Identity.Domain;

namespace PatientHub.Identity.Features.Contacts;

/// <summary>
/// A name for one address of one patient, for who must say later which address a letter came back from without keeping it. Made under the system's key: without it nobody
/// can turn it into an address, or try addresses against it.
/// </summary>
public sealed class AddressIds(SourceIds ids)
{
    /// <summary>The same patient and place give the same id, however the address is written.</summary>
    public Guid Of(Guid patientId, PostalAddress address) => ids.For("patienthub", "Address", $"{patientId}\n{address.Place}");
}
