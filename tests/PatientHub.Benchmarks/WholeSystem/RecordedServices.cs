using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PatientHub.ServiceDefaults;
using PatientHub.ServiceDefaults.Auth;

namespace PatientHub.Benchmarks.WholeSystem;

/// <summary>
/// Appointments, Letters and Notifications without their work: what they answered one patient, from files. With everything that each of them has around its work (tokens are checked, spans and
/// metrics are exported), or without. Their work is the same for both sides of a comparison and would only hide the rest.
/// </summary>
internal static class RecordedServices
{
    public static readonly (string Path, string Resource)[] Answers = [("/api/me/appointments", "appointments"), ("/api/me/letters", "letters"), ("/api/me/messages", "notifications")];

    public static WebApplication Build(string folder, bool asServices)
    {
        var builder = asServices ? WebApplication.CreateBuilder() : WebApplication.CreateSlimBuilder();
        if (asServices)
            builder.AddServiceDefaults();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        if (asServices)
            app.MapServiceDefaults();
        foreach (var (path, resource) in Answers)
        {
            var answer = File.ReadAllBytes(FileOf(folder, resource));
            var route = app.MapGet(path, (HttpContext http) =>
            {
                http.Response.ContentType = "application/json; charset=utf-8";
                http.Response.ContentLength = answer.Length;
                return http.Response.Body.WriteAsync(answer).AsTask();
            });
            if (asServices)
                route.RequireAuthorization(Policies.Patient);
        }
        return app;
    }

    public static string FileOf(string folder, string resource) => Path.Combine(folder, resource + ".json");
}
