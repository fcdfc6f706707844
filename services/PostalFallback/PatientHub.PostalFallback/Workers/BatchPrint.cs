using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Options;
using PatientHub.Appointments.Contracts;
using PatientHub.Calendar;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Letters.Contracts.Http;
using PatientHub.PostalFallback.Clients;
using PatientHub.PostalFallback.Domain;

namespace PatientHub.PostalFallback.Workers;

/// <summary>Why people have to do what the printer cannot.</summary>
/// <param name="Code">One of <see cref="TaskCodes"/>.</param>
/// <param name="Note">A sentence for the agent.</param>
/// <param name="Alarmed">True when operations have to know at once.</param>
internal sealed record Refusal(string Code, string Note, bool Alarmed)
{
    public static readonly Refusal AccessibleFormat = new(TaskCodes.AccessibleFormat, "This patient needs the letter in another format (braille, audio, easy read or BSL). Plain print was not sent.", Alarmed: false);

    public static readonly Refusal Unprintable = new(TaskCodes.Unprintable, "This letter cannot be printed as it is: check the address on record and the document, then post it by hand or ask for it again.", Alarmed: true);

    public static readonly Refusal Returned = new(TaskCodes.Unprintable, "The post brought a letter back from this patient's address, and no other is on record: telephone the patient, correct the address in the hospital system, then ask for the letter again.", Alarmed: true);

    public static readonly Refusal WrongLetter = new(TaskCodes.Unprintable, "The print showed another letter, name or address than the record. Nothing of its batch was handed over. Find out why before this letter is posted by hand.", Alarmed: true);
}

/// <summary>A letter that was printed and read back.</summary>
/// <param name="DeadlineId">Its deadline.</param>
/// <param name="Line">Its line of the manifest.</param>
/// <param name="Pdf">The print.</param>
/// <param name="Shown">Whose name and address stand on it.</param>
internal sealed record PrintedEnvelope(Guid DeadlineId, SpoolLetter Line, byte[] Pdf, PatientAddress Shown);

/// <summary>What came of printing a batch.</summary>
/// <param name="Letters">What was printed, nearest appointment first.</param>
/// <param name="Refused">By deadline: what people have to do. What is neither here nor in <paramref name="Letters"/> waits and is tried again.</param>
/// <param name="Stopped">A print was another letter than it should be: nothing of the batch may go.</param>
internal sealed record PrintedBatch(IReadOnlyList<PrintedEnvelope> Letters, IReadOnlyDictionary<Guid, Refusal> Refused, bool Stopped)
{
    public static readonly PrintedBatch Nothing = new([], new Dictionary<Guid, Refusal>(), Stopped: false);
}

/// <summary>Prints what was decided, several letters at once, and reads each print back before it may enter the batch.</summary>
internal sealed partial class BatchPrint(
    AddressesClient addresses, LetterPrintClient printer, LayoutCheck layout, IOptions<BatchOptions> options, ILogger<BatchPrint> logger)
{
    private static readonly ActivitySource Source = new("PatientHub.PostalFallback");

    /// <param name="batch">The batch.</param>
    /// <param name="items">Its letters, nearest appointment first.</param>
    /// <param name="each">Runs before each print: keeps the batch, or finds that it is lost.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<PrintedBatch> PrintAsync(Batch batch, IReadOnlyList<Deadline> items, Func<CancellationToken, Task> each, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<Guid, PatientAddress> known;
        try
        {
            known = await addresses.AddressesAsync([.. items.Select(item => item.PatientId)], cancellationToken);
        }
        catch (Exception silence) when (LastLook.IsSilence(silence, cancellationToken))
        {
            Log.NoAddresses(logger, silence.GetType().Name, items.Count);
            return PrintedBatch.Nothing;
        }

        var printed = new ConcurrentDictionary<Guid, PrintedEnvelope>();
        var refused = new ConcurrentDictionary<Guid, Refusal>();
        await Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = options.Value.ParallelPrints, CancellationToken = cancellationToken }, async (item, ct) =>
        {
            await each(ct);
            // Unknown patients become known or a task, deceased ones are suspended by their event: until then it waits.
            if (!known.TryGetValue(item.PatientId, out var address) || !address.MayPrint)
                return;
            if (Refuse(item, address) is { } refusal)
                refused[item.DeadlineId] = refusal;
            else if (await PrintOneAsync(batch, item, address, refused, ct) is { } good)
                printed[item.DeadlineId] = good;
        });

        return new PrintedBatch([.. items.Select(item => printed.GetValueOrDefault(item.DeadlineId)).OfType<PrintedEnvelope>()], refused, Stopped: refused.Values.Contains(Refusal.WrongLetter));
    }

    private Refusal? Refuse(Deadline item, PatientAddress address)
    {
        if (address.Returned)
            return Refusal.Returned;
        if (address.Format == PrintFormat.NotPlainPrint)
            return Refusal.AccessibleFormat;
        if (AddressBlock.Fault(address.Lines) is not { } fault)
            return null;
        Log.Unprintable(logger, item.DeadlineId, fault);
        return Refusal.Unprintable;
    }

    private async Task<PrintedEnvelope?> PrintOneAsync(Batch batch, Deadline item, PatientAddress address, ConcurrentDictionary<Guid, Refusal> refused, CancellationToken cancellationToken)
    {
        ActivityContext.TryParse(item.TraceParent, traceState: null, isRemote: true, out var promised);
        using var activity = Source.StartActivity("print letter", ActivityKind.Internal, promised);
        try
        {
            var printed = await printer.PrintAsync(item.LetterId!.Value, Order(batch, address), cancellationToken);
            if (printed.Answer == PrintAnswer.Unprintable)
                refused[item.DeadlineId] = Refusal.Unprintable;
            if (printed.Answer != PrintAnswer.Printed || printed.LetterVersion != item.LetterVersion)
                return null; // a newer version is current: it waits for its event
            var line = new SpoolLetter(item.LetterId.Value, item.LetterVersion!.Value, $"{item.LetterId:D}-v{item.LetterVersion}.pdf", printed.Pages, (printed.Pages + 1) / 2, Duplex: true,
                LastSafePosting.PostageFor(batch.CreatedAt, item.Start, item.PostalNoticeDays).ToString().ToLowerInvariant(), address.Format == PrintFormat.LargePrint ? "large-print" : "standard", address.Lines,
                PrintSpool.Hash(printed.Pdf!));
            var finding = layout.Look(printed.Pdf!, line, address);
            if (finding.Verdict == LayoutVerdict.Good)
                return new PrintedEnvelope(item.DeadlineId, line, printed.Pdf!, address);
            Log.Refused(logger, item.DeadlineId, finding.Verdict, finding.Reason);
            refused[item.DeadlineId] = finding.Verdict == LayoutVerdict.WrongLetter ? Refusal.WrongLetter : Refusal.Unprintable;
            return null;
        }
        catch (Exception silence) when (LastLook.IsSilence(silence, cancellationToken))
        {
            Log.NotPrinted(logger, item.DeadlineId, silence.GetType().Name);
            return null;
        }
    }

    private static PrintLetter Order(Batch batch, PatientAddress address) => new()
    {
        AddressLines = address.Lines,
        FullName = address.FullName,
        ToParent = address.ToParent,
        NhsNumber = address.NhsNumber,
        LargePrint = address.Format == PrintFormat.LargePrint,
        Uvc = address.Uvc,
        DispatchDate = WorkingDays.Add(LondonTime.DateOf(batch.CreatedAt), LastSafePosting.DispatchDays),
    };

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "No reply from identity ({ExceptionType}): {Count} letters wait for their addresses")]
        public static partial void NoAddresses(ILogger logger, string exceptionType, int count);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Letter of deadline {DeadlineId} could not be printed now ({ExceptionType}); it waits")]
        public static partial void NotPrinted(ILogger logger, Guid deadlineId, string exceptionType);

        [LoggerMessage(Level = LogLevel.Error, Message = "Letter of deadline {DeadlineId} cannot be printed: {Fault}; a task was raised")]
        public static partial void Unprintable(ILogger logger, Guid deadlineId, string fault);

        [LoggerMessage(Level = LogLevel.Error, Message = "The print of deadline {DeadlineId} was refused ({Verdict}): {Reason}; a task was raised")]
        public static partial void Refused(ILogger logger, Guid deadlineId, LayoutVerdict verdict, string reason);
    }
}
