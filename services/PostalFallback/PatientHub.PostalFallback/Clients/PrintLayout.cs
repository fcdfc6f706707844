using System.ComponentModel.DataAnnotations;

namespace PatientHub.PostalFallback.Clients;

/// <summary>
/// Where the envelope's address window lies, in millimetres from the page's top left corner. The same section and names as Letters', which lays letters out by them:
/// one value configures who writes and who checks. The defaults fit the C5 window envelope of the UK's print houses.
/// </summary>
public sealed class PrintLayoutOptions : IValidatableObject
{
    /// <summary>Configuration section.</summary>
    public const string Section = "PrintLayout";

    /// <summary>Left edge of the address window.</summary>
    [Range(0, 210)]
    public double WindowLeft { get; set; } = 24.6;

    /// <summary>Right edge of the address window.</summary>
    [Range(0, 210)]
    public double WindowRight { get; set; } = 120;

    /// <summary>Top edge of the address window.</summary>
    [Range(0, 297)]
    public double WindowTop { get; set; } = 39.5;

    /// <summary>Bottom edge of the address window.</summary>
    [Range(0, 297)]
    public double WindowBottom { get; set; } = 66.3;

    /// <summary>What stays white around the window.</summary>
    [Range(0, 20)]
    public double ClearZone { get; set; } = 4;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (WindowLeft >= WindowRight || WindowTop >= WindowBottom)
            yield return new ValidationResult("PrintLayout: the address window's left and top edge must lie before its right and bottom edge.");
    }
}
