using System.Text.Json.Serialization;

namespace PatientHub.Simulators.SendGrid;

/// <summary>The schema `ErrorResponse` of SendGrid's OpenAPI document.</summary>
internal sealed record SendGridError([property: JsonPropertyName("errors")] IReadOnlyList<SendGridError.Entry> Errors)
{
    internal sealed record Entry([property: JsonPropertyName("message")] string Message, [property: JsonPropertyName("field")] string? Field);

    public static IResult Result(int status, params IReadOnlyList<Entry> errors) => Results.Json(new SendGridError(errors), statusCode: status);

    public static IResult Result(int status, string message) => Result(status, new Entry(message, null));
}
