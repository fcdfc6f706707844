using System.Globalization;

namespace PatientHub.Gateway.Pages.Staff;

/// <summary>How a contact stands, behind it.</summary>
internal static class ContactWords
{
    public static string Of(string state) => state switch
    {
        "failed" => " (messages do not arrive)",
        "doubtful" => " (may be somebody else’s)",
        "parents" => " (a parent’s: not used since the patient is 16)",
        "not-current" => " (not in use now)",
        _ => "",
    };

    public static string Language(string tag)
    {
        try
        {
            return CultureInfo.GetCultureInfo(tag).EnglishName;
        }
        catch (CultureNotFoundException)
        {
            return tag;
        }
    }
}
