using PatientHub.Calendar;
using PatientHub.Identity.Domain;

namespace PatientHub.Identity.Persistence;

/// <summary><see cref="Patient.MaySignIn"/> as PostgreSQL sees it.</summary>
internal static class SignInQueries
{
    /// <summary>A24, A30, A31: everybody else is as unknown, and so is who must not be told through a parent.</summary>
    public static IQueryable<Patient> WhoMaySignIn(this IQueryable<Patient> patients, DateTimeOffset now)
    {
        var sixteen = LondonTime.DateOf(now).AddYears(-16);
        return patients.Where(p => p.Active && !p.Linked && p.MergedInto == null && !p.Deceased && !p.Restricted && !p.NoPortal && (!p.NotToParents || p.BirthDate == null || p.BirthDate <= sixteen));
    }
}
