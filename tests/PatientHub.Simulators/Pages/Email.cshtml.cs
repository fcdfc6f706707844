using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using PatientHub.Simulators.Messages;

namespace PatientHub.Simulators.Pages;

/// <summary>An email's HTML part, without scripts and without loading anything, as careful mail programs show it.</summary>
public sealed class EmailModel(MessageBook book) : PageModel
{
    public ReceivedMessage Message { get; private set; } = null!;

    public string Document =>
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\"><base target=\"_blank\">" + Message.Html;

    public IActionResult OnGet(string id)
    {
        if (book.Find(id) is not { Html: not null } message)
            return NotFound();
        Message = message;
        return Page();
    }
}
