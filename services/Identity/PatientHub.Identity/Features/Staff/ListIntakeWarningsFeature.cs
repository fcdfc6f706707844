using Microsoft.EntityFrameworkCore;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Identity.Persistence;
using PatientHub.ServiceDefaults.Auth;

namespace PatientHub.Identity.Features.Staff;

/// <summary><c>GET /api/intake-warnings?before={instant}</c> (scope <c>trust.admin</c>): what operations have to look at, newest first, 500 a page.</summary>
public static class ListIntakeWarningsFeature
{
    private const int PageSize = 500;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/intake-warnings", HandleAsync).RequireAuthorization(Policies.Scope(Scopes.TrustAdmin));

    private static async Task<List<IntakeWarningLine>> HandleAsync(IdentityDbContext db, DateTimeOffset? before, CancellationToken ct) =>
        await db.IntakeWarnings.AsNoTracking()
            .Where(w => before == null || w.ReceivedAt < before.Value.ToUniversalTime())
            .OrderByDescending(w => w.ReceivedAt).ThenBy(w => w.PatientId).ThenBy(w => w.Number)
            .Take(PageSize)
            .Select(w => new IntakeWarningLine { PatientId = w.PatientId, Element = w.Element, Text = w.Text, ReceivedAt = w.ReceivedAt })
            .ToListAsync(ct);
}
