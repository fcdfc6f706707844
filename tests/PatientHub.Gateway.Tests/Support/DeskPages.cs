namespace PatientHub.Gateway.Tests.Support;

/// <summary>Every page of the desk that a browser can stand on, with a name for its picture.</summary>
public static class DeskPages
{
    public static readonly (string Name, string Path)[] All =
    [
        ("desk-signed-out", "/staff/signed-out"), ("desk-away", "/staff/signed-out?why=unsent"), ("desk-kept", "/staff/signed-out?why=kept"), ("desk-failed", "/staff/signed-out?why=failed"), ("desk-no-access", "/staff/no-access"),
        ("desk-find", "/staff/find"), ("desk-patient", $"/staff/patients/{DeskFixture.PatientId}"), ("desk-patient-did", $"/staff/patients/{DeskFixture.PatientId}?did=opt-out&task={DeskFixture.TaskId}"),
        ("desk-opt-out", $"/staff/patients/{DeskFixture.PatientId}/acts/opt-out"), ("desk-post-now", $"/staff/patients/{DeskFixture.PatientId}/acts/post-now?letter={Samples.LetterId}"), ("desk-quarantine", $"/staff/patients/{DeskFixture.PatientId}/quarantine?task={DeskFixture.TaskId}&why=changed"), ("desk-acts", "/staff/acts"), ("desk-acts-patient", $"/staff/acts?patient={DeskFixture.PatientId}"), ("desk-feeds", "/staff/feeds"),
        ("desk-tasks", "/staff/tasks"), ("desk-tasks-closed", "/staff/tasks?did=close&kind=rebook"), ("desk-task", $"/staff/tasks/{DeskFixture.TaskId}"), ("desk-task-refused", $"/staff/tasks/{DeskFixture.TaskId}?why=changed"),
    ];

    /// <summary>Routes that lead to another page.</summary>
    public static readonly string[] WithoutPage = ["staff", "staff/sign-out"];

    public static bool Fits(string template, string path)
    {
        var (wanted, given) = (template.Split('/'), path.TrimStart('/').Split('?')[0].Split('/'));
        return wanted.Length == given.Length && wanted.Zip(given).All(part => part.First == part.Second || (part.First.StartsWith('{') && (part.First.Contains(":guid", StringComparison.Ordinal) ? Guid.TryParse(part.Second, out _) : part.Second.Length > 0)));
    }
}
