using Microsoft.AspNetCore.Mvc;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Gateway.Clients;
using PatientHub.Letters.Contracts.Http;
using PatientHub.PostalFallback.Contracts.Http;

namespace PatientHub.Gateway.Pages.Letters;

/// <summary>The letter. Reading it here opens it (A3); below its text stands "Accept", which names the version shown, and "post me this letter" (A17).</summary>
internal sealed class DetailsModel(LettersClient letters, AppointmentsClient appointments, PostClient post) : HubPageModel
{
    public LetterContent Shown { get; private set; } = null!;

    /// <summary>Null when the letter belongs to no appointment.</summary>
    public Part<MyAppointment>? Appointment { get; private set; }

    /// <summary>Missing when the post has not heard of this letter: it can be asked for all the same.</summary>
    public Part<PostStanding> Post { get; private set; } = Part<PostStanding>.Missing;

    /// <summary>The letter's text in 16 point and more (issue 4).</summary>
    public bool IsLarge { get; private set; }

    /// <summary>True: it was just asked for by post. False: that was refused. Null: nothing was asked.</summary>
    public bool? Asked { get; private set; }

    public async Task<IActionResult> OnGetAsync(Guid id, string? print, string? did, string? tried, CancellationToken cancellationToken)
    {
        var standing = post.StandingAsync(id, cancellationToken);
        var letter = await letters.OpenAsync(id, cancellationToken);
        Post = await standing;
        if (letter.Value is not { } content)
            return Without(letter);
        Shown = content;
        IsLarge = print == "large";
        Asked = did == "post" ? true : tried == "post" ? false : null;
        if (content.Letter.AppointmentId is { } appointment)
            Appointment = await appointments.GetAsync(appointment, cancellationToken);
        return Page();
    }
}
