using Microsoft.AspNetCore.Http;

namespace PatientHub.Architecture.Tests.Guilty.Domain;

/// <summary>Breaks the rule of <see cref="LayerTests"/> on purpose: a domain type that answers HTTP.</summary>
internal sealed class Appointment
{
    public static int Answer(HttpContext http) => http.Response.StatusCode;
}
