using MassTransit;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Domain;
using PatientHub.Appointments.Features;
using PatientHub.Appointments.Persistence;

namespace PatientHub.Appointments.Consumers;

/// <summary>A person is needed (A29). The same task id again changes nothing.</summary>
public sealed partial class RaiseTaskConsumer(AppointmentsDbContext db, ILogger<RaiseTaskConsumer> logger) : IConsumer<RaiseTask>
{
    public async Task Consume(ConsumeContext<RaiseTask> context)
    {
        var (raise, ct) = (context.Message, context.CancellationToken);
        Guid? patientId = raise.PatientId is { } patient ? await Patients.SurvivorAsync(db, patient, ct) : null;
        var task = new DeskTask(raise.TaskId, raise.Code, patientId, raise.Note, raise.OccurredAt) { Alarmed = raise.Alarmed, AppointmentId = raise.AppointmentId, LetterId = raise.LetterId };
        if (!await DeskTasks.RaiseOnceAsync(db, task, ct)) return;
        await db.SaveChangesAsync(ct);
        if (raise.Alarmed) Log.Alarm(logger, raise.TaskId, raise.Code);
        else Log.Raised(logger, raise.TaskId, raise.Code);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Task {TaskId} ({Code}) was raised.")]
        public static partial void Raised(ILogger logger, Guid taskId, string code);

        [LoggerMessage(2, LogLevel.Error, "Alarm: task {TaskId} ({Code}) needs a person at once.")]
        public static partial void Alarm(ILogger logger, Guid taskId, string code);
    }
}
