using System.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using PatientHub.Gateway.Clients;

namespace PatientHub.Gateway.Pages;

/// <summary>What the pages share.</summary>
public abstract class HubPageModel : PageModel
{
    /// <summary>303: the browser fetches the next page with GET, and "reload" repeats nothing.</summary>
    protected IActionResult SeeOther(string path)
    {
        Response.Headers.Location = path;
        return StatusCode(StatusCodes.Status303SeeOther);
    }

    /// <summary>Instead of a page whose value is not there: not available while its service is down, else not found.</summary>
    private protected IActionResult Without<T>(Part<T> part) where T : class => part.IsDown ? StatusCode(StatusCodes.Status503ServiceUnavailable) : NotFound();

    /// <summary>As <see cref="Clean"/>, but of several lines.</summary>
    protected static string CleanLines(string? typed) => string.Join('\n', (typed ?? "").ReplaceLineEndings("\n").Split('\n').Select(Clean)).Trim();

    /// <summary>What was typed in one form: full-width characters made plain, invisible ones and outer spaces gone.</summary>
    protected static string Clean(string? typed)
    {
        if (string.IsNullOrEmpty(typed))
            return "";
        // A lone surrogate cannot be normalised.
        var valid = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(typed));
        return new string([.. valid.Normalize(NormalizationForm.FormKC).Where(c => !char.IsControl(c) && char.GetUnicodeCategory(c) != System.Globalization.UnicodeCategory.Format)]).Trim();
    }
}
