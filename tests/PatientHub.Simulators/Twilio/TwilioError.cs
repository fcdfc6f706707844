using System.Text.Json.Serialization;

namespace PatientHub.Simulators.Twilio;

/// <summary>Twilio's error body. It is not part of its OpenAPI document; the shape is that of every error of the 2010-04-01 API.</summary>
internal sealed record TwilioError(
    [property: JsonPropertyName("code")] int Code,
    [property: JsonPropertyName("message")] string Message,
    [property: JsonPropertyName("more_info")] string MoreInfo,
    [property: JsonPropertyName("status")] int Status)
{
    public static TwilioError Of(int status, int code, string message) => new(code, message, $"https://www.twilio.com/docs/errors/{code}", status);

    public static readonly TwilioError Authenticate = Of(401, 20003, "Authenticate");
    public static readonly TwilioError NotFound = Of(404, 20404, "The requested resource was not found");
    public static readonly TwilioError TooManyRequests = Of(429, 20429, "Too Many Requests");
    public static readonly TwilioError Internal = Of(500, 20500, "An internal server error has occurred");

    public IResult AsResult() => Results.Json(this, statusCode: Status);
}
