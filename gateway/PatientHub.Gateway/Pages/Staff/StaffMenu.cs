namespace PatientHub.Gateway.Pages.Staff;

/// <summary>What stands in the desk's header.</summary>
internal static class StaffMenu
{
    private static readonly (string Href, string Name)[] Everybodys = [("/staff/tasks", "Tasks"), ("/staff/find", "Find a patient")];
    private static readonly (string Href, string Name)[] Supervisors = [.. Everybodys, ("/staff/acts", "Audit trail"), ("/staff/feeds", "Stopped feeds")];

    public static IEnumerable<(string Href, string Name)> For(bool supervisor) => supervisor ? Supervisors : Everybodys;
}
