using PatientHub.Identity.Domain;

namespace PatientHub.Identity.Persistence;

/// <summary><see cref="Patient.MaySignIn"/> as PostgreSQL sees it.</summary>
internal static class SignInQueries
{
    /// <summary>A24: everybody else is as unknown.</summary>
    public static IQueryable<Patient> WhoMaySignIn(this IQueryable<Patient> patients) =>
        patients.Where(p => p.Active && !p.Linked && p.MergedInto == null && !p.Deceased && !p.Restricted && !p.NoPortal);
}
