using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PatientHub.Appointments.Contracts;
using PatientHub.Messaging;
using PatientHub.PostalFallback.Clients;
using PatientHub.PostalFallback.Domain;
using PatientHub.PostalFallback.Persistence;

namespace PatientHub.PostalFallback.Workers;

/// <summary>
/// Reads what the print house answers, closes batches that are answered, and tells people of those that are not. An answer is deleted only after it was recorded, and
/// recording it twice changes nothing, so a crash anywhere only means that it is read again.
/// </summary>
internal sealed partial class AnswersRun(
    IServiceScopeFactory scopes, IPrintHouse house, PrintAnswers answers, DatabaseClock clock, IOptions<PrintOptions> options, ILogger<AnswersRun> logger)
{
    /// <summary>One pass. Returns how many letters got news.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var news = 0;
        try
        {
            foreach (var answer in await house.AnswersAsync(cancellationToken))
                news += await TakeAsync(answer, cancellationToken);
            await CloseAnsweredAsync(cancellationToken);
        }
        finally
        {
            // Whatever is wrong with the print house's door is the very reason to look.
            await AlarmUnansweredAsync(cancellationToken);
        }

        return news;
    }

    private async Task<int> TakeAsync(string answer, CancellationToken cancellationToken)
    {
        if (await house.ReadAnswerAsync(answer, cancellationToken) is not { } content)
            return 0;
        var read = AnswerFile.Read(content);
        var (news, unknown) = read is { Lines: var lines } ? await answers.TakeAsync(lines, cancellationToken) : (0, 0);
        if (read is null || read.Value.Unclear + unknown > 0)
            await AlarmAsync(Cause(content), read is null
                ? "A file of the print house cannot be read. It was set aside as .bad beside the answers: ask the print house what it says."
                : $"The print house answered {(read.Value.Unclear + unknown).ToString(System.Globalization.CultureInfo.InvariantCulture)} times for letters that are not ours, or in words that are not agreed. The file was set aside as .bad beside the answers.", cancellationToken);
        if (read is null || read.Value.Unclear + unknown > 0)
            await house.SetAsideAsync(answer, cancellationToken);
        else
            await house.DeleteAnswerAsync(answer, cancellationToken);
        Log.Read(logger, read?.Lines.Count ?? 0, news, (read?.Unclear ?? 0) + unknown);
        return news;
    }

    /// <summary>Every letter of it has an answer: its files go, and then it counts as closed, so that a crash between only deletes what is gone.</summary>
    private async Task CloseAnsweredAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PostalDbContext>();
        var answered = await db.Batches.Where(batch => batch.State == BatchState.HandedOver && batch.ReconciledAt == null && batch.HandedOverAt != null
            && !db.Deadlines.Any(letter => letter.BatchId == batch.BatchId && letter.PrintStatus == PrintStatus.Pending)).ToListAsync(cancellationToken);
        foreach (var batch in answered)
        {
            await house.DeleteAsync(batch.Name, cancellationToken);
            batch.ReconciledAt = await clock.UtcNowAsync(cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            Log.Reconciled(logger, batch.BatchId, batch.Letters);
        }
    }

    private async Task AlarmUnansweredAsync(CancellationToken cancellationToken)
    {
        var now = await clock.UtcNowAsync(cancellationToken);
        var before = now - options.Value.AnswerWithin;
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PostalDbContext>();
        var outbox = scope.ServiceProvider.GetRequiredService<IOutbox>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var open = await db.Batches.FromSql($"select * from batch where state = 'HandedOver' and reconciled_at is null and alarmed_at is null and handed_over_at <= {before} for update skip locked").ToListAsync(cancellationToken);
        var silent = open.Where(batch => AnswerDue.By(batch.HandedOverAt!.Value, options.Value.AnswerWithin) <= now).ToList();
        foreach (var batch in silent)
        {
            batch.AlarmedAt = now;
            outbox.Add(Task(TaskIds.For(batch.BatchId, TaskCodes.Undeliverable), $"The print house has not answered for batch {batch.Name}: ask whether it has it. Do not send it a second time.", now));
            Log.Silent(logger, batch.BatchId, batch.Letters);
        }

        if (silent.Count == 0)
            return;
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
    }

    private async Task AlarmAsync(Guid taskId, string note, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<IOutbox>().Add(Task(taskId, note, await clock.UtcNowAsync(cancellationToken)));
        await scope.ServiceProvider.GetRequiredService<PostalDbContext>().SaveChangesAsync(cancellationToken);
        Log.Unclear(logger, taskId);
    }

    private static Guid Cause(byte[] content) => TaskIds.ForContent(Convert.ToHexString(SHA256.HashData(content)));

    private static RaiseTask Task(Guid taskId, string note, DateTimeOffset now) => new() { TaskId = taskId, Code = TaskCodes.Undeliverable, Alarmed = true, Note = note, OccurredAt = now };

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "An answer of the print house: {Lines} lines, news of {News} letters, {Unclear} lines not understood")]
        public static partial void Read(ILogger logger, int lines, int news, int unclear);

        [LoggerMessage(Level = LogLevel.Information, Message = "Batch {BatchId} with {Letters} letters is answered; its files were deleted")]
        public static partial void Reconciled(ILogger logger, Guid batchId, int letters);

        [LoggerMessage(Level = LogLevel.Error, Message = "The print house has not answered for batch {BatchId} with {Letters} letters; a task was raised")]
        public static partial void Silent(ILogger logger, Guid batchId, int letters);

        [LoggerMessage(Level = LogLevel.Error, Message = "An answer of the print house could not be understood; task {TaskId} was raised and the file set aside")]
        public static partial void Unclear(ILogger logger, Guid taskId);
    }
}
