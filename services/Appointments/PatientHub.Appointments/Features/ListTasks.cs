using Hl7.Fhir.Model;
using Microsoft.EntityFrameworkCore;
using PatientHub.Appointments.Domain;
using PatientHub.Appointments.Persistence;
using PatientHub.Fhir;

namespace PatientHub.Appointments.Features;

/// <summary>
/// <c>GET /fhir/Task?status=requested&amp;code=rebook&amp;_count=50&amp;_after={id}</c>: oldest first, a searchset Bundle with a link to the next page.
/// Without a status all open tasks.
/// </summary>
internal static class ListTasks
{
    public const int MaxCount = 200;

    public static void Map(IEndpointRouteBuilder fhir) => fhir.MapGet("/Task", HandleAsync);

    private static async Task<IResult> HandleAsync(HttpRequest request, AppointmentsDbContext db, CancellationToken ct)
    {
        if (!TryStatuses(request.Query["status"], out var statuses))
            return FhirResult.Refused(StatusCodes.Status400BadRequest, OperationOutcome.IssueType.Value, "status", "Use requested, in-progress, completed or cancelled, separated by commas.");
        var count = int.TryParse(request.Query["_count"], out var asked) ? Math.Clamp(asked, 1, MaxCount) : 50;
        var query = db.Tasks.AsNoTracking().Where(t => statuses.Contains(t.Status));
        if (request.Query["code"].ToString() is { Length: > 0 } code && !code.Contains('\0', StringComparison.Ordinal)) query = query.Where(t => t.Code == code);
        if (Guid.TryParse(request.Query["_after"], out var after) && await db.Tasks.AsNoTracking().SingleOrDefaultAsync(t => t.Id == after, ct) is { } last)
            query = query.Where(t => t.RaisedAt > last.RaisedAt || (t.RaisedAt == last.RaisedAt && t.Id > last.Id));

        var rows = await (from task in query.OrderBy(t => t.RaisedAt).ThenBy(t => t.Id).Take(count + 1)
                          join a in db.Appointments.AsNoTracking() on task.AppointmentId equals a.Id into appointments
                          from appointment in appointments.DefaultIfEmpty()
                          orderby task.RaisedAt, task.Id
                          select new { task, appointment }).ToListAsync(ct);
        var bundle = new Bundle { Type = Bundle.BundleType.Searchset };
        foreach (var row in rows.Take(count))
            bundle.Entry.Add(new Bundle.EntryComponent { Resource = TaskMapping.ToFhir(row.task, row.appointment), Search = new Bundle.SearchComponent { Mode = Bundle.SearchEntryMode.Match } });
        if (rows.Count > count)
        {
            var next = QueryString.Create([.. request.Query.Where(q => q.Key != "_after").SelectMany(q => q.Value.Select(v => KeyValuePair.Create(q.Key, v))), new("_after", rows[count - 1].task.Id.ToString())]);
            bundle.Link.Add(new Bundle.LinkComponent { Relation = "next", Url = $"Task{next}" });
        }

        return new FhirResult(StatusCodes.Status200OK, bundle);
    }

    private static bool TryStatuses(string? text, out DeskTaskStatus[] statuses)
    {
        statuses = [DeskTaskStatus.Requested, DeskTaskStatus.InProgress];
        if (string.IsNullOrEmpty(text)) return true;
        var found = text.Split(',').Select(part => part switch
        {
            "requested" => DeskTaskStatus.Requested,
            "in-progress" => DeskTaskStatus.InProgress,
            "completed" => DeskTaskStatus.Completed,
            "cancelled" => DeskTaskStatus.Cancelled,
            _ => (DeskTaskStatus?)null,
        }).ToArray();
        statuses = [.. found.OfType<DeskTaskStatus>()];
        return statuses.Length == found.Length;
    }
}
