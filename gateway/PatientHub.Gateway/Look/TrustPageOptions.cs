using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using PatientHub.ServiceDefaults;

namespace PatientHub.Gateway.Look;

/// <summary>What the pages show of the trust beyond its name and the booking service's number (<see cref="TrustOptions"/>, the same section).</summary>
public sealed class TrustPageOptions
{
    public const string Section = TrustOptions.Section;

    /// <summary>Path of an SVG or PNG file, at most 100 kB, shown beside the trust's name and served by the hub itself. Null: the name alone.</summary>
    public string? Logo { get; set; }

    /// <summary>Ground of the page's head, below white letters: <c>#rrggbb</c>. Null: the design system's blue.</summary>
    public string? HeaderColour { get; set; }

    /// <summary>Links on white and on the page's light grey. Null: the design system's blue.</summary>
    public string? LinkColour { get; set; }

    /// <summary>Ground of the main button, below white letters. Null: the design system's green.</summary>
    public string? ButtonColour { get; set; }

    /// <summary>Numbers besides the booking service's, on every page: a switchboard, Relay UK.</summary>
    public List<TrustPhone> Phones { get; } = [];

    /// <summary>Addresses or numbers besides <see cref="TrustOptions.SenderId"/> and <see cref="TrustOptions.EmailFrom"/> that messages of the trust come from.</summary>
    public List<string> FurtherSenders { get; } = [];
}

/// <summary>One more number of the trust.</summary>
public sealed class TrustPhone
{
    /// <summary>Whom one reaches: "Hospital switchboard".</summary>
    [Required] public string Name { get; set; } = "";

    [Required] public string Number { get; set; } = "";

    /// <summary>As patients read it: "At any time".</summary>
    public string? Hours { get; set; }
}

/// <summary>Refuses at start what a patient could not read: letters need 4.5 to 1 (WCAG 2.2, 1.4.3).</summary>
internal sealed class TrustPageValidation : IValidateOptions<TrustPageOptions>
{
    private const double Enough = 4.5;
    private const int LargestLogo = 100 * 1024;

    /// <summary>Grounds of the design system's pages.</summary>
    private static readonly Colour White = new(255, 255, 255), LightGrey = new(0xf0, 0xf4, 0xf5);

    public ValidateOptionsResult Validate(string? name, TrustPageOptions options)
    {
        List<string> faults = [.. Check(nameof(options.HeaderColour), options.HeaderColour, White), .. Check(nameof(options.ButtonColour), options.ButtonColour, White), .. Check(nameof(options.LinkColour), options.LinkColour, White, LightGrey)];
        if (options.Logo is { } logo && (Path.GetExtension(logo).ToLowerInvariant() is not (".svg" or ".png") || new FileInfo(logo) is not { Exists: true, Length: <= LargestLogo }))
            faults.Add("Trust:Logo must be the path of an SVG or PNG file of at most 100 kB.");
        if (options.Phones.Any(phone => string.IsNullOrWhiteSpace(phone.Name) || !phone.Number.Any(char.IsAsciiDigit)))
            faults.Add("Each of Trust:Phones needs a Name and a Number.");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Check(string setting, string? value, params Colour[] against)
    {
        if (value is null)
            yield break;
        if (Colour.Parse(value) is not { } colour)
            yield return $"Trust:{setting} must be a colour like #005eb8.";
        else if (against.Min(colour.ContrastTo) is var contrast && contrast < Enough)
            yield return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Trust:{setting} {value} cannot be read: its contrast is {contrast:0.0} to 1, and {Enough} to 1 is the least.");
    }
}
