using System.Reflection;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using PatientHub.Gateway.Staff;

namespace PatientHub.Gateway.Session;

/// <summary>Fills a page's form with what the patient had typed before the time-out, and forgets it when the form has been sent. Looking changes nothing.</summary>
internal sealed class KeptAnswersFilter(KeptAnswers kept) : IAsyncPageFilter
{
    /// <summary>In ViewData of a page that was filled.</summary>
    public const string Filled = "Kept";

    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var executed = await next();
        var http = context.HttpContext;
        var atDesk = http.Request.Path.StartsWithSegments("/staff");
        var cookie = atDesk ? Cookies.StaffAnswers : Cookies.Answers;
        if (!http.Request.Cookies.ContainsKey(cookie) || await ReadAsync(http, atDesk) is not { } answers || !http.Request.Path.Equals(answers.Path.Split('?')[0], StringComparison.OrdinalIgnoreCase))
            return;
        // A search shows its result on the page of its form: it was sent, too.
        var sent = executed.Result is StatusCodeResult { StatusCode: StatusCodes.Status303SeeOther } || (atDesk && executed.Result is PageResult && executed.ModelState.IsValid);
        if (HttpMethods.IsPost(http.Request.Method) && sent)
            await kept.ForgetAsync(http, cookie);
        else if (HttpMethods.IsGet(http.Request.Method) && executed.Result is PageResult && context.HandlerInstance is PageModel page && Fill(page, answers))
            page.ViewData[Filled] = true;
    }

    private async Task<Answers?> ReadAsync(HttpContext http, bool atDesk) => atDesk
        ? http.User.Identities.FirstOrDefault(person => person.AuthenticationType == StaffHosting.Cookie) is { } person ? await kept.ReadAtDeskAsync(http.Request, person) : null
        : http.Features.Get<PatientSession>() is { } session ? await kept.ReadAsync(http.Request, session.PatientId) : null;

    /// <summary>Words and ticks only: what the page itself put into its form (versions, ids) stays what it is now.</summary>
    private static bool Fill(PageModel page, Answers answers)
    {
        var filled = false;
        foreach (var property in page.GetType().GetProperties().Where(property => property.CanWrite && property.GetCustomAttribute<BindPropertyAttribute>() is not null))
        {
            var typed = answers.Fields.GetValueOrDefault(property.Name);
            if (property.PropertyType == typeof(string) && typed is [var words, ..])
                property.SetValue(page, words);
            else if (property.PropertyType == typeof(string[]) && typed is not null)
                property.SetValue(page, typed);
            else if (property.PropertyType == typeof(bool))
                property.SetValue(page, typed is ["true", ..]);
            else
                continue;
            filled |= typed is not null && typed.Any(value => value.Length > 0);
        }
        return filled;
    }
}
