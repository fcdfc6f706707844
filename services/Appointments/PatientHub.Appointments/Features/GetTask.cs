using Microsoft.EntityFrameworkCore;
using PatientHub.Appointments.Persistence;
using PatientHub.Fhir;

namespace PatientHub.Appointments.Features;

/// <summary><c>GET /fhir/Task/{id}</c>; the ETag is what <see cref="PutTask"/> wants in If-Match.</summary>
internal static class GetTask
{
    public static void Map(IEndpointRouteBuilder fhir) => fhir.MapGet("/Task/{id}", HandleAsync);

    private static async Task<IResult> HandleAsync(string id, AppointmentsDbContext db, CancellationToken ct)
    {
        if (!Guid.TryParse(id, out var taskId) || await db.Tasks.AsNoTracking().SingleOrDefaultAsync(t => t.Id == taskId, ct) is not { } task) return FhirResult.NotFound("Task");
        var appointment = await db.Appointments.AsNoTracking().SingleOrDefaultAsync(a => a.Id == task.AppointmentId, ct);
        return new FhirResult(StatusCodes.Status200OK, TaskMapping.ToFhir(task, appointment)) { ETag = $"{task.Version}" };
    }
}
