using System.Reflection;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

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
        if (!http.Request.Cookies.ContainsKey(Cookies.Answers) || http.Features.Get<PatientSession>() is not { } session
            || await kept.ReadAsync(http.Request, session.PatientId) is not { } answers || !http.Request.Path.Equals(answers.Path, StringComparison.OrdinalIgnoreCase))
            return;
        if (HttpMethods.IsPost(http.Request.Method) && executed.Result is StatusCodeResult { StatusCode: StatusCodes.Status303SeeOther })
            await kept.ForgetAsync(http);
        else if (HttpMethods.IsGet(http.Request.Method) && executed.Result is PageResult && context.HandlerInstance is PageModel page && Fill(page, answers))
            page.ViewData[Filled] = true;
    }

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
