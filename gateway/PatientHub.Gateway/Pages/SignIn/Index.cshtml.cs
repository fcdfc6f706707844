using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using PatientHub.Calendar;
using PatientHub.Gateway.Clients;
using PatientHub.Gateway.Session;
using PatientHub.Gateway.Texts;
using PatientHub.Identity.Contracts.Http;

namespace PatientHub.Gateway.Pages.SignIn;

/// <summary>Identifier and date of birth (R13, R16). What follows is the same whether or not a record matches (A19).</summary>
internal sealed class IndexModel(IdentitySignInClient identity, PageTexts texts, TimeProvider time) : HubPageModel
{
    internal const int LongestIdentifier = 254;

    [BindProperty] public string? Identifier { get; set; }
    [BindProperty] public string? Day { get; set; }
    [BindProperty] public string? Month { get; set; }
    [BindProperty] public string? Year { get; set; }

    /// <summary>Someone is signed in here already, perhaps someone else: only a POST changes that.</summary>
    public PatientSession? SignedIn { get; private set; }

    public async Task OnGetAsync()
    {
        await HttpContext.AuthenticateAsync(SessionAuthenticationHandler.SchemeName);
        SignedIn = HttpContext.Features.Get<PatientSession>();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        ModelState.Clear();
        var identifier = Clean(Identifier);
        if (CheckIdentifier(identifier) is { } wrong)
            ModelState.AddModelError("Identifier", texts.Plain(wrong, LongestIdentifier));
        var date = DateOfBirth.Read(Clean(Day), Clean(Month), Clean(Year), LondonTime.DateOf(time.GetUtcNow()));
        if (date.Error is { } problem)
            ModelState.AddModelError("DateOfBirth-" + date.Field, texts.Plain(problem, DateOfBirth.OldestYear));
        if (!ModelState.IsValid)
            return Page();

        var link = Request.Cookies[Cookies.Link];
        var started = await identity.StartAsync(new StartSignIn { Identifier = identifier, DateOfBirth = date.Value, LinkToken = link, Language = texts.Language.Tag }, cancellationToken);
        if (started is null)
        {
            ModelState.AddModelError("Identifier", texts.Plain(WrongForm));
            return Page();
        }
        new AttemptCookie(started.AttemptId, started.CodeExpiresAt, started.AttemptExpiresAt, started.WaitUntil).Write(Response, time);
        return SeeOther(started.WaitUntil > time.GetUtcNow() ? "/sign-in/wait" : "/sign-in/code");
    }

    private const string WrongForm = "SignIn.Identifier.Form";

    /// <summary>The text that says what is wrong with the form only: whether somebody has it is never said (A19).</summary>
    internal static string? CheckIdentifier(string identifier)
    {
        if (identifier.Length == 0)
            return "SignIn.Identifier.Missing";
        if (identifier.Length > LongestIdentifier)
            return "SignIn.Identifier.Long";
        if (identifier.Contains('@'))
            return identifier.IndexOf('@') is > 0 and var at && at < identifier.Length - 1 && !identifier.Any(char.IsWhiteSpace) ? null : WrongForm;
        var digits = identifier.Count(char.IsAsciiDigit);
        return digits is >= 7 and <= 17 && identifier.All(c => char.IsAsciiDigit(c) || c is ' ' or '+' or '(' or ')' or '-' or '.' or '/' or '‐' or '–') ? null : WrongForm;
    }
}
