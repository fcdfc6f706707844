namespace PatientHub.Identity.Domain;

/// <summary>Kind of a contact that can be used; landlines are not kept: nothing can be sent to them (R14).</summary>
public enum ContactKind
{
    /// <summary>UK mobile, E.164.</summary>
    Mobile = 1,

    /// <summary>Email address in its normal form.</summary>
    Email = 2,
}
