using System.Data.Common;
using System.Net.Sockets;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PatientHub.ServiceDefaults.Http;

/// <summary>An exception is a defect (500) or an outage of something we depend on (503 with Retry-After). A request that the client gave up is neither.</summary>
internal sealed partial class OutageExceptionHandler(IProblemDetailsService problems, ILogger<OutageExceptionHandler> logger) : IExceptionHandler
{
    private const string Unreadable = "The request cannot be read. Check its body and its Content-Type.";

    public async ValueTask<bool> TryHandleAsync(HttpContext http, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is BadHttpRequestException bad)
        {
            http.Response.StatusCode = bad.StatusCode;
            return await problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = http, ProblemDetails = { Status = bad.StatusCode, Detail = Unreadable } });
        }
        // What ASP.NET's form reader says of a form that is none: a NUL, a name without end, no boundary.
        if (exception is InvalidDataException && http.Request.HasFormContentType)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return await problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = http, ProblemDetails = { Status = StatusCodes.Status400BadRequest, Detail = Unreadable } });
        }
        if (!IsOutage(exception))
            return false;
        Log.DependencyDown(logger, exception.GetType().Name);
        http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        http.Response.Headers.RetryAfter = "5";
        return await problems.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = http,
            ProblemDetails = { Status = StatusCodes.Status503ServiceUnavailable, Detail = "Part of the hub is not available at the moment. Try again in a few minutes." },
        });
    }

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
