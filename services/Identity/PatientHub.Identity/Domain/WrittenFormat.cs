namespace PatientHub.Identity.Domain;

/// <summary>How the patient needs what is written (R10).</summary>
public enum WrittenFormat
{
    Standard = 0,

    /// <summary>16 point.</summary>
    LargePrint = 1,

    /// <summary>Braille, audio, easy read, BSL or a format we do not know: never plain print.</summary>
    NotPlainPrint = 2,
}
