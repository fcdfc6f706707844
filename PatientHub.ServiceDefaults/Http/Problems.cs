using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace PatientHub.ServiceDefaults.Http;

/// <summary>RFC 9457 ProblemDetails with <c>code</c> (closed set per service) and <c>traceId</c>.</summary>
public static class Problems
{
    /// <summary>Makes a problem answer.</summary>
    /// <param name="status">400 validation, 404 not found or not yours, 409 closed by a rule, 429 throttled, 503 a dependency is down.</param>
    /// <param name="code">Machine-readable reason.</param>
    /// <param name="detail">A sentence for people that says what to do; no personal data.</param>
    /// <param name="extensions">Further members, e.g. <c>phone</c>.</param>
    public static ProblemHttpResult Of(int status, string code, string detail, params ReadOnlySpan<(string Name, object? Value)> extensions)
    {
        var members = new Dictionary<string, object?> { ["code"] = code };
        foreach (var (name, value) in extensions)
            members[name] = value;
        return TypedResults.Problem(detail, statusCode: status, extensions: members);
    }

    /// <summary>The answer to everything that is unknown or belongs to someone else: the two are not told apart.</summary>
    public static ProblemHttpResult NotFound() => Of(StatusCodes.Status404NotFound, "not-found", "There is nothing here for you at this address.");

    internal static void Complete(ProblemDetailsContext context)
    {
        context.ProblemDetails.Extensions.TryAdd("code", CodeOf(context.ProblemDetails.Status));
        context.ProblemDetails.Extensions["traceId"] = Activity.Current?.TraceId.ToHexString() ?? context.HttpContext.TraceIdentifier;
        context.ProblemDetails.Instance = null;
    }

    internal static string CodeOf(int? status) => status switch
    {
        400 => "bad-request",
        401 => "unauthenticated",
        403 => "forbidden",
        404 => "not-found",
        405 => "method-not-allowed",
        413 => "too-large",
        415 => "unsupported-media-type",
        429 => "throttled",
        503 => "unavailable",
        _ => "error",
    };
}
