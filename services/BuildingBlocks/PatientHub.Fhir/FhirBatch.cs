using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using Hl7.Fhir.Model;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PatientHub.Fhir;

/// <summary>Who takes the entries of one type.</summary>
/// <param name="Type">The resource type, as <c>Appointment</c>.</param>
/// <param name="Together">How many at most are given at once.</param>
/// <param name="TakeAsync">Takes all of them, whose ids differ, or throws and has taken none; answers in their order.</param>
public sealed record FhirTaker(string Type, int Together, Func<IReadOnlyList<FhirBatchEntry>, Task<IReadOnlyList<FhirResult>>> TakeAsync);

/// <summary>
/// A Bundle of type <c>batch</c> (FHIR R4, http.html#transaction): many PUTs in one request. Each is taken or refused exactly as if it had come alone, and has its answer at its own place.
/// Ask <see cref="Refused"/> first; then <see cref="AnswerAsync"/> goes through the entries.
/// </summary>
public sealed partial class FhirBatch
{
    private readonly ILogger? logger;
    private bool isOutage;

    internal FhirBatch(FhirResult problem) => Problem = problem;

    internal FhirBatch(IReadOnlyList<FhirBatchEntry> entries, ILogger logger) => (Entries, this.logger) = (entries, logger);

    /// <summary>The answer to a Bundle that cannot be read; then nothing of it was taken.</summary>
    public FhirResult? Problem { get; }

    public IReadOnlyList<FhirBatchEntry> Entries { get; } = [];

    /// <summary>Whether the whole Bundle is refused; then <paramref name="problem"/> is the answer to give.</summary>
    public bool Refused([NotNullWhen(true)] out FhirResult? problem) => (problem = Problem) is not null;

    /// <summary>
    /// Gives the entries to those who take them, type by type in the order of <paramref name="takers"/>, and puts the answers together: a Bundle of type <c>batch-response</c>. Of entries with one id
    /// the first is taken first. What cannot be taken together (somebody was faster with one of them, one meets a defect) is taken one by one, so that none harms another.
    /// </summary>
    /// <param name="takers">Which types are taken here.</param>
    /// <param name="ct">The sender has given up.</param>
    public async Task<FhirResult> AnswerAsync(IReadOnlyList<FhirTaker> takers, CancellationToken ct)
    {
        foreach (var entry in Entries.Where(entry => entry.Answer is null && takers.All(taker => taker.Type != entry.Type)))
            entry.Refuse(StatusCodes.Status404NotFound, OperationOutcome.IssueType.NotSupported, "request.url", $"This address takes {string.Join(", ", takers.Select(taker => taker.Type))} in a Bundle.");
        foreach (var taker in takers)
        {
            while (Entries.Where(entry => entry.Answer is null && entry.Type == taker.Type).DistinctBy(entry => entry.Id).Take(taker.Together).ToList() is { Count: > 0 } round)
                await TakeAsync(taker, round, ct);
        }

        return new FhirResult(StatusCodes.Status200OK, new Bundle { Type = Bundle.BundleType.BatchResponse, Entry = [.. Entries.Select(entry => entry.ToResponse())] });
    }

    private async System.Threading.Tasks.Task TakeAsync(FhirTaker taker, IReadOnlyList<FhirBatchEntry> round, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        try
        {
            // When a store is down, everything that is left would only wait for it in vain.
            if (!isOutage)
            {
                var answers = await taker.TakeAsync(round);
                for (var i = 0; i < round.Count; i++) round[i].Answer = answers[i];
                return;
            }
        }
        catch (Exception fault) when (round.Count > 1 && !ct.IsCancellationRequested)
        {
            Log.OneByOne(logger!, taker.Type, round.Count, fault.GetType().Name);
            foreach (var one in round) await TakeAsync(taker, [one], ct);
            return;
        }
        catch (Exception fault) when (!ct.IsCancellationRequested)
        {
            isOutage = IsOutage(fault);
            if (!isOutage)
            {
                Log.Defect(logger!, fault, taker.Type);
                round[0].Answer = FhirResult.Refused(StatusCodes.Status500InternalServerError, OperationOutcome.IssueType.Exception, null, "This entry was not taken. The fault is on our side.");
                return;
            }
        }

        foreach (var entry in round)
            entry.Answer = FhirResult.Refused(StatusCodes.Status503ServiceUnavailable, OperationOutcome.IssueType.Transient, null, "This entry was not taken: part of the hub is not available. Send it again.");
    }

    private static bool IsOutage(Exception? fault) => fault is DbException { IsTransient: true } or TimeoutException or SocketException || (fault is not null && IsOutage(fault.InnerException));

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Count} entries {ResourceType} of a Bundle could not be taken together ({Fault}); each is taken by itself.")]
        public static partial void OneByOne(ILogger logger, string resourceType, int count, string fault);

        [LoggerMessage(2, LogLevel.Error, "An entry {ResourceType} of a Bundle met a defect.")]
        public static partial void Defect(ILogger logger, Exception fault, string resourceType);
    }
}
