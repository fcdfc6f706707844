using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using PatientHub.Simulators.Messages;
using PatientHub.Simulators.Pas;

namespace PatientHub.Simulators.Pages;

/// <summary>Every phone and mailbox that received something lately, the most recent first.</summary>
public sealed class IndexModel(MessageBook book, PasRegister register, FeedBook feed) : PageModel
{
    private const int Phones = 60;
    private const int Newest = 3;

    /// <summary>`off`: the page holds still.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Refresh { get; set; }

    public bool Refreshes => Refresh != "off";

    public FeedReport Feed { get; private set; } = null!;

    public IReadOnlyList<Conversation> Conversations { get; private set; } = [];

    public void OnGet()
    {
        Feed = feed.Report();
        var owners = PeopleView.ByDestination(register);
        Conversations = [.. book.All().GroupBy(message => message.To).Take(Phones).Select(group =>
            new Conversation(group.Key, [.. owners[group.Key]], [.. group.Take(Newest)], group.Count()))];
    }
}
