namespace PatientHub.Simulators.Staff;

/// <summary>Somebody who works at the simulated hospital.</summary>
/// <param name="Id">As the hospital's sign-in names the person (<c>sub</c>).</param>
/// <param name="Name">As colleagues read it.</param>
/// <param name="Roles">What the person may do at the hub's desk.</param>
/// <param name="About">For whoever tries it.</param>
public sealed record HospitalStaff(string Id, string Name, IReadOnlyList<string> Roles, string About)
{
    /// <summary>Everybody who can sign in.</summary>
    public static IReadOnlyList<HospitalStaff> All { get; } =
    [
        new("staff-001", "Priya Shah", ["agent"], "booking centre"),
        new("staff-002", "Tom Fletcher", ["agent"], "booking centre"),
        new("staff-003", "Grace Adeyemi", ["agent", "supervisor"], "supervisor of the booking centre"),
        new("staff-004", "Neil Porter", [], "works at the hospital, but not at the desk"),
    ];
}
