using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace PatientHub.Messaging;

/// <summary>Thrown by a consumer to say: the message is good and the time is not. It is tried again until it passes.</summary>
public sealed class TransientFaultException(string message, Exception? cause = null) : Exception(message, cause)
{
    internal static TransientFaultException LostConnection(Exception cause) => new("The connection to the database was lost under the consumer.", cause);
}

/// <summary>
/// Divides what a consumer may throw. Transient faults (database, Redis, HTTP, time-outs) are waited out in place: three quick tries would put hundreds of good
/// messages into <c>_error</c> at every restart of a database. Everything else is a defect that waiting does not heal.
/// </summary>
internal static class TransientFaults
{
    // What Redis answers while it starts, fails over or is full; any other error of it is a defect of the command.
    private static readonly string[] RedisComesBack = ["LOADING", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "BUSY", "OOM"];

    public static bool IsTransient(Exception exception) => Chain(exception).Any(IsTransientItself);

    /// <summary>Two transactions met on one row; the loser sees the winner's row at its next try. A defect if it happens time after time.</summary>
    public static bool IsClash(Exception exception) => !IsTransient(exception) && Chain(exception).Any(fault => fault
        is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation }
        or DbUpdateConcurrencyException);

    private static bool IsTransientItself(Exception fault) => fault switch
    {
        TransientFaultException => true,
        PostgresException error => error.IsTransient || error.SqlState is
            PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.QueryCanceled
            or PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.DiskFull or PostgresErrorCodes.InvalidSqlStatementName || IsStalePlan(error),
        NpgsqlException error => error.IsTransient || error.InnerException is IOException or SocketException or TimeoutException,
        HttpRequestException error => error.StatusCode is null or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError,
        TimeoutException or SocketException or IOException => true,
        OperationCanceledException => true, // somebody gave up waiting; when the host stops, the message goes back to its queue anyway

        // Known by name: this building block needs neither package.
        _ => fault.GetType().FullName switch
        {
            "StackExchange.Redis.RedisConnectionException" or "Polly.Timeout.TimeoutRejectedException" or "Polly.CircuitBreaker.BrokenCircuitException" => true,
            "StackExchange.Redis.RedisServerException" => RedisComesBack.Any(word => fault.Message.StartsWith(word, StringComparison.Ordinal)),
            _ => false,
        },
    };

    // A migration changed a table under a prepared `select *`; the connection prepares it anew at the next try.
    private static bool IsStalePlan(PostgresException error) =>
        error.SqlState == PostgresErrorCodes.FeatureNotSupported && error.MessageText.StartsWith("cached plan must not change", StringComparison.Ordinal);

    private static IEnumerable<Exception> Chain(Exception exception)
    {
        for (var fault = exception; fault is not null; fault = fault.InnerException)
        {
            yield return fault;
            if (fault is AggregateException { InnerExceptions.Count: > 1 } several)
            {
                foreach (var inner in several.InnerExceptions.Skip(1).SelectMany(Chain))
                {
                    yield return inner;
                }
            }
        }
    }
}
