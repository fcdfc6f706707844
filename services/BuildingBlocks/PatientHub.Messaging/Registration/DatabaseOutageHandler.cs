using System.Data;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace PatientHub.Messaging;

/// <summary>
/// Answers 503 with Retry-After when a request failed because its database went away, also where the exception does not say so: a driver that is interrupted half-way throws many things, and code that is
/// unwound throws others in their place. By then the transaction is disposed of and its connection no longer open, whatever happened; but only a connection that was lost is "broken", and it stays so
/// until somebody opens it again. What the handlers before it have answered does not come here.
/// </summary>
internal sealed partial class DatabaseOutageHandler(ILogger<DatabaseOutageHandler> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext http, Exception exception, CancellationToken cancellationToken)
    {
        if (!TransientFaults.IsTransient(exception) && !ConnectionIsLost(http)) return false;
        Log.DatabaseLost(log, exception.GetType().Name);
        http.Response.Headers.RetryAfter = "5";
        await TypedResults.Problem("Part of the hub is not available at the moment. Try again in a few minutes.", statusCode: StatusCodes.Status503ServiceUnavailable,
            extensions: new Dictionary<string, object?> { ["code"] = "unavailable" }).ExecuteAsync(http);
        return true;
    }

    private static bool ConnectionIsLost(HttpContext http) =>
        http.RequestServices.GetService<ServiceDbContext>()?.Db.Database.GetDbConnection() is NpgsqlConnection { FullState: ConnectionState.Broken };

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The database was lost under a request ({ExceptionType}); answered 503")]
        public static partial void DatabaseLost(ILogger logger, string exceptionType);
    }
}
