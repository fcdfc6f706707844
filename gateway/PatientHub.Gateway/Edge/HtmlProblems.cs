using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace PatientHub.Gateway.Edge;

/// <summary>
/// Every error of the pages (not found, out of date, too many, a defect, an outage) becomes a helpful page with the telephone number, under its own status code.
/// APIs and machines keep RFC 9457 JSON. The exception handler, the status code pages and the rate limiter all end here.
/// </summary>
internal sealed class HtmlProblems(ITempDataDictionaryFactory tempData) : IProblemDetailsWriter
{
    private static readonly PathString[] Machines = ["/api", "/webhooks", "/fhir", "/connect", "/.well-known", "/internal", "/health", "/alive"];

    public bool CanWrite(ProblemDetailsContext context) =>
        DoorsMiddleware.Of(context.HttpContext) == Door.Public
        && (!Machines.Any(machine => context.HttpContext.Request.Path.StartsWithSegments(machine)) || context.HttpContext.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal));

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var http = context.HttpContext;
        var view = new ViewResult
        {
            ViewName = "/Pages/Shared/Problem.cshtml",
            StatusCode = http.Response.StatusCode,
            ViewData = new ViewDataDictionary<int>(new EmptyModelMetadataProvider(), new ModelStateDictionary()) { Model = http.Response.StatusCode },
            TempData = tempData.GetTempData(http),
        };
        var action = new ActionContext(http, new RouteData(http.Request.RouteValues), new ActionDescriptor());
        await http.RequestServices.GetRequiredService<IActionResultExecutor<ViewResult>>().ExecuteAsync(action, view);
    }
}
