namespace PatientHub.Identity.Domain;

/// <summary>A31: how far the hospital has been told about a child's growing up. Stored as its number.</summary>
public enum AgeStep : short
{
    None = 0,

    /// <summary>At 13 (setting): who should read the messages is looked at.</summary>
    Reviewed = 1,

    /// <summary>Eight weeks before 16: parent and young person are told.</summary>
    Announced = 2,

    /// <summary>16: a parent's contacts have stopped.</summary>
    Sixteen = 3,
}
