using PatientHub.Appointments.Contracts.Http;
using PatientHub.Appointments.Domain;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Appointments.Features.Desk;

/// <summary>What the desk's operations share.</summary>
internal static class DeskLines
{
    public static DeskTaskLine Of(DeskTask task, Appointment? appointment, Clinic? clinic, string me) => new()
    {
        TaskId = task.Id,
        Code = task.Code,
        Status = task.Status switch
        {
            DeskTaskStatus.Requested => "requested",
            DeskTaskStatus.InProgress => "in-progress",
            DeskTaskStatus.Completed => "completed",
            _ => "cancelled",
        },
        Alarmed = task.Alarmed,
        Overdue = task.OverdueAt is not null && task.Status == DeskTaskStatus.Requested,
        PatientId = task.PatientId,
        Start = appointment?.Start,
        ClinicName = clinic?.NameForPatients,
        RaisedAt = task.RaisedAt,
        CallBackBy = task.CallBackBy,
        // A machine's claim has no name: its client's id says which system has it.
        ClaimedBy = task.ClaimedByName ?? task.ClaimedBy,
        Mine = task.ClaimedBy == me,
        Version = task.Version,
    };

    /// <summary>A line of the audit trail that is already done, in the transaction of the act itself.</summary>
    public static StaffAct Done(StaffMember staff, string act, DeskTask task, DateTimeOffset now, string? why = null) =>
        new(Guid.CreateVersion7(), staff.Id, act, now) { StaffName = staff.Name, PatientId = task.PatientId, TaskId = task.Id, LetterId = task.LetterId, Why = why, DoneAt = now };

    public static IResult Changed() => Problems.Of(StatusCodes.Status409Conflict, "changed", "Somebody changed this task meanwhile. Look at it again.");

    public static IResult Closed() => Problems.Of(StatusCodes.Status409Conflict, "closed", "This task is closed.");

    public static IResult Claimed(DeskTask task) => Problems.Of(StatusCodes.Status409Conflict, "claimed", "Somebody else has claimed this task.", ("by", task.ClaimedByName ?? task.ClaimedBy));

    public static IResult NotClaimed() => Problems.Of(StatusCodes.Status409Conflict, "not-claimed", "Claim this task first.");
}
