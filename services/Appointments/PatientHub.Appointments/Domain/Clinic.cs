using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;

namespace PatientHub.Appointments.Domain;

/// <summary>
/// A clinic: what the PAS says (FHIR HealthcareService; or Location and specialty, made on the fly) and what the trust has set for it.
/// Without settings it is ViewOnly (R1): a clinic nobody has thought about must neither invite nor offer anything.
/// </summary>
public sealed class Clinic
{
    private Clinic()
    {
    }

    public Clinic(Guid id, string sourceSystem, string sourceId, string name)
    {
        (Id, SourceSystem, SourceId, Name) = (id, sourceSystem, sourceId, name);
        Mode = ClinicMode.ViewOnly;
    }

    public Guid Id { get; private set; }
    public string SourceSystem { get; private set; } = "";
    public string SourceId { get; private set; } = "";
    public string Name { get; private set; } = "";
    public string? FeedPhone { get; private set; }
    public Guid? SiteId { get; private set; }

    /// <summary>A34: version of the HealthcareService; null while it is only known by name.</summary>
    public DateTimeOffset? SourceVersion { get; private set; }

    public bool HasSettings { get; private set; }
    public string? DisplayName { get; private set; }
    public ClinicMode Mode { get; private set; }
    public DateTimeOffset? ModeSince { get; private set; }
    public string? SettingsPhone { get; private set; }
    public string? PhoneHours { get; private set; }
    public LetterSource LetterSource { get; private set; }
    public string? LetterTemplate { get; private set; }
    public int PostalNoticeDays { get; private set; }
    public bool DeskConfigured { get; private set; }
    public string? Preparation { get; private set; }

    public string NameForPatients => DisplayName ?? Name;

    /// <summary>R21: the number on pages and letters; null when neither the trust nor the PAS gives one.</summary>
    public string? Phone => SettingsPhone ?? FeedPhone;

    public bool IsShown => Mode != ClinicMode.Hidden;

    public bool OffersAccept => Mode is ClinicMode.Full or ClinicMode.AcceptOnly;

    /// <summary>A10: rebook and cancel only while someone works the requests off.</summary>
    public bool OffersChanges => Mode == ClinicMode.Full && DeskConfigured;

    /// <summary>R1: Full and AcceptOnly clinics invite for what was booked after the start.</summary>
    public bool InvitesFor(DateTimeOffset booked) => OffersAccept && booked >= ModeSince;

    /// <summary>Takes the HealthcareService; true when something changed.</summary>
    public bool Take(string name, string? phone, Guid? siteId, DateTimeOffset version)
    {
        var changed = (Name, FeedPhone, SiteId) != (name, phone, siteId);
        (Name, FeedPhone, SiteId, SourceVersion) = (name, phone, siteId, version);
        return changed;
    }

    public void Configure(ClinicSettings settings)
    {
        HasSettings = true;
        DisplayName = settings.DisplayName;
        Mode = settings.Mode;
        ModeSince = settings.ModeSince.ToUniversalTime();
        SettingsPhone = settings.Phone;
        PhoneHours = settings.PhoneHours;
        LetterSource = settings.LetterSource;
        LetterTemplate = settings.LetterTemplate;
        PostalNoticeDays = settings.PostalNoticeDays;
        DeskConfigured = settings.DeskConfigured;
        Preparation = settings.Preparation;
    }
}
