using Microsoft.AspNetCore.Mvc;
using PatientHub.Gateway.Clients;

namespace PatientHub.Gateway.Pages.Letters;

/// <summary>"Post me this letter" (A17). Pressed twice it is posted once: PostalFallback decides.</summary>
internal sealed class PostModel(PostClient client) : HubPageModel
{
    public IActionResult OnGet(Guid id) => SeeOther($"/letters/{id}");

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken cancellationToken) => await client.RequestAsync(id, cancellationToken) switch
    {
        { Done: true } => SeeOther($"/letters/{id}?did=post"),
        { Code: Outcome.NotFound } => NotFound(),
        _ => SeeOther($"/letters/{id}?tried=post"),
    };
}
