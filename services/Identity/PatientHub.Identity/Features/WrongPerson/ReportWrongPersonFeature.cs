using PatientHub.Identity.Domain;
using PatientHub.Identity.Persistence;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;
using PersonHttp = PatientHub.Identity.Contracts.Http.WrongPerson;

namespace PatientHub.Identity.Features.WrongPerson;

/// <summary>
/// <c>POST /internal/contacts/wrong-person</c>: A32. One row, whatever is on record: who has the number is looked up afterwards by <see cref="Workers.WrongPersonWorker"/>,
/// so that neither answer nor time tells (A19).
/// </summary>
public static class ReportWrongPersonFeature
{
    private const int LongestToken = 64;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/internal/contacts/wrong-person", HandleAsync).RequireAuthorization(Policies.Scope(Scopes.SignIn));

    private static async Task<IResult> HandleAsync(PersonHttp request, IdentityDbContext db, DatabaseClock clock, CancellationToken ct)
    {
        TypedIdentifier? typed = null;
        if (request.LinkToken is null)
        {
            // Only the form decides about 400, never what is on record.
            if (!TypedIdentifier.TryParse(request.Identifier, out var identifier))
                return Problems.Of(StatusCodes.Status400BadRequest, "identifier-not-usable", "Enter a mobile number, like 07700 900 982, or an email address, like name@example.com.");
            typed = identifier;
        }
        else if (request.LinkToken.Length > LongestToken || request.LinkToken.Contains('\0', StringComparison.Ordinal)) return TypedResults.NoContent();   // nobody's

        db.WrongPersonReports.Add(new WrongPersonReport { Kind = typed?.Kind, Value = typed?.Value, LinkToken = request.LinkToken, ReceivedAt = await clock.UtcNowAsync(ct) });
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }
}
