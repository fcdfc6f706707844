using System.Data.Common;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PatientHub.ServiceDefaults.Http;

/// <summary>An exception is a defect (500) or an outage of something we depend on (503 with Retry-After). A request that nobody could read is the client's (4xx), and one that the client gave up is neither.</summary>
internal sealed partial class OutageExceptionHandler(ILogger<OutageExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext http, Exception exception, CancellationToken cancellationToken)
    {
        if (WhatTheClientDid(http, exception) is var (status, detail))
            return await AnswerAsync(http, status, detail);
        if (!IsOutage(exception))
            return false;
        Log.DependencyDown(logger, exception.GetType().Name);
        http.Response.Headers.RetryAfter = "5";
        return await AnswerAsync(http, StatusCodes.Status503ServiceUnavailable, "Part of the hub is not available at the moment. Try again in a few minutes.");
    }

    /// <summary>A request that cannot be read is the client's fault: he is told what is wrong with it, and no operator is.</summary>
    private static (int Status, string Detail)? WhatTheClientDid(HttpContext http, Exception exception) => exception switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => (StatusCodes.Status413PayloadTooLarge, "The body is larger than this address takes."),
        BadHttpRequestException { StatusCode: StatusCodes.Status415UnsupportedMediaType } => (StatusCodes.Status415UnsupportedMediaType, "This address takes a body of the type application/json."),
        // Where, but not what: the value may be somebody's.
        BadHttpRequestException { InnerException: JsonException json } bad => (bad.StatusCode, $"The body is not the JSON that this address takes{Place(json)}."),
        BadHttpRequestException bad => (bad.StatusCode, Unreadable),
        // What ASP.NET's form reader says of a form that is none: a NUL, a name without end, no boundary.
        InvalidDataException when http.Request.HasFormContentType => (StatusCodes.Status400BadRequest, Unreadable),
        _ => null,
    };

    private static string Place(JsonException json) =>
        json.LineNumber is { } line ? string.Create(CultureInfo.InvariantCulture, $": look at line {line + 1}, byte {json.BytePositionInLine + 1}") : "";

    // Also for a client that says that he accepts no JSON: no answer would be an exception that nobody handled.
    private static async ValueTask<bool> AnswerAsync(HttpContext http, int status, string detail)
    {
        await Problems.Of(status, Problems.CodeOf(status), detail).ExecuteAsync(http);
        return true;
    }

    private const string Unreadable = "The request cannot be read. Check its address, its body and its Content-Type.";

    /// <summary>True when the fault lies in a store or service that will come back. The Redis client's exceptions are told by namespace: not every process references it.</summary>
    internal static bool IsOutage(Exception? exception) => exception switch
    {
        null => false,
        DbException { IsTransient: true } => true,
        HttpRequestException or TimeoutException or SocketException => true,
        _ when exception.GetType().FullName?.StartsWith("StackExchange.Redis.Redis", StringComparison.Ordinal) == true => true,
        _ when exception.GetType().FullName?.StartsWith("Polly.", StringComparison.Ordinal) == true => true,
        _ => IsOutage(exception.InnerException),
    };

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "A dependency is down ({ExceptionType}); answered 503")]
        public static partial void DependencyDown(ILogger logger, string exceptionType);
    }
}
