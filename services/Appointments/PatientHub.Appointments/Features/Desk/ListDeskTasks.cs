using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Appointments.Domain;
using PatientHub.Appointments.Persistence;
using PatientHub.ServiceDefaults.Auth;

namespace PatientHub.Appointments.Features.Desk;

/// <summary><c>GET /internal/desk/tasks?kind=&amp;clinic=&amp;mine=true&amp;page=</c>: the open tasks, most urgent first.</summary>
internal static class ListDeskTasks
{
    public const int PageSize = 50;

    public static void Map(IEndpointRouteBuilder desk) => desk.MapGet("/tasks", HandleAsync);

    private static async Task<DeskTaskPage> HandleAsync(string? kind, Guid? clinic, bool? mine, int? page, ClaimsPrincipal user, AppointmentsDbContext db, CancellationToken ct)
    {
        var me = user.Staff().Id;
        var open = from task in db.Tasks.AsNoTracking()
                   where task.Status == DeskTaskStatus.Requested || task.Status == DeskTaskStatus.InProgress
                   join a in db.Appointments.AsNoTracking() on task.AppointmentId equals a.Id into appointments
                   from appointment in appointments.DefaultIfEmpty()
                   join c in db.Clinics.AsNoTracking() on appointment.ClinicId equals c.Id into clinics
                   from its in clinics.DefaultIfEmpty()
                   select new { task, appointment, its };
        var kinds = await open.GroupBy(row => row.task.Code).Select(group => new { group.Key, Count = group.Count() }).ToListAsync(ct);
        var clinicsOf = await open.Where(row => row.its != null).GroupBy(row => new { row.its!.Id, Name = row.its.DisplayName ?? row.its.Name })
            .Select(group => new { group.Key.Id, group.Key.Name, Count = group.Count() }).ToListAsync(ct);

        var wanted = open;
        if (!string.IsNullOrEmpty(kind) && !kind.Contains('\0', StringComparison.Ordinal)) wanted = wanted.Where(row => row.task.Code == kind);
        if (clinic is { } id) wanted = wanted.Where(row => row.its!.Id == id);
        if (mine == true) wanted = wanted.Where(row => row.task.ClaimedBy == me);
        var total = await wanted.CountAsync(ct);
        var pages = Math.Max(1, (total + PageSize - 1) / PageSize);
        var at = Math.Clamp(page ?? 1, 1, pages);
        var rows = await wanted
            .OrderByDescending(row => row.task.Alarmed || row.task.OverdueAt != null)
            .ThenBy(row => row.appointment == null).ThenBy(row => row.appointment!.Start).ThenBy(row => row.task.RaisedAt).ThenBy(row => row.task.Id)
            .Skip((at - 1) * PageSize).Take(PageSize).ToListAsync(ct);
        return new DeskTaskPage
        {
            Tasks = [.. rows.Select(row => DeskLines.Of(row.task, row.appointment, row.its, me))],
            Total = total,
            Page = at,
            Pages = pages,
            Kinds = [.. kinds.Select(found => new DeskFilter(found.Key, found.Key, found.Count)).OrderBy(found => found.Key, StringComparer.Ordinal)],
            Clinics = [.. clinicsOf.Select(found => new DeskFilter(found.Id.ToString(), found.Name, found.Count)).OrderBy(found => found.Name, StringComparer.Ordinal)],
        };
    }
}
