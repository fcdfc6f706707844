using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using PatientHub.Simulators.Messages;
using PatientHub.Simulators.Pas;

namespace PatientHub.Simulators.Pages;

/// <summary>One phone or mailbox, everything on it.</summary>
public sealed class PhoneModel(MessageBook book, PasRegister register) : PageModel
{
    /// <summary>`off`: the page holds still.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Refresh { get; set; }

    public bool Refreshes => Refresh != "off";

    public Conversation Conversation { get; private set; } = null!;

    public void OnGet(string destination)
    {
        var messages = book.To(destination);
        var normalised = Destination.Normalise(destination);
        Conversation = new Conversation(normalised, [.. PeopleView.ByDestination(register)[normalised]], messages, messages.Count);
    }
}
