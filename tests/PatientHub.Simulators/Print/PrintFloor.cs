using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace PatientHub.Simulators.Print;

/// <summary>How the print house answers.</summary>
public enum PrintMode
{
    /// <summary>Accepts what is whole, then dispatches it.</summary>
    Answers,
    /// <summary>Takes batches and says nothing.</summary>
    Silent,
    /// <summary>Accepts nothing.</summary>
    Rejects,
}

/// <summary>What the print house has said of a letter last.</summary>
public sealed record PrintAnswer(string Batch, Guid LetterId, string Version, string Status, string? ReasonCode);

/// <summary>
/// The floor of the print house: takes batches out of the spool into its own folder, and answers for each letter in a file, as a real one does: written as `.tmp`, then
/// renamed. It never deletes anything of the hub's: that is the hub's, once all is answered.
/// </summary>
public sealed partial class PrintFloor(SimulatorsOptions options, PrintHouse house, TimeProvider time, ILogger<PrintFloor> logger) : BackgroundService
{
    private readonly ConcurrentDictionary<(string Batch, Guid LetterId), PrintAnswer> _said = new();
    private readonly Lock _one = new();
    private long _files;

    public PrintMode Mode { get; set; }

    /// <summary>Reason code of rejections.</summary>
    public string? ReasonCode { get; set; }

    /// <summary>What was said of each letter last.</summary>
    public IReadOnlyCollection<PrintAnswer> Said => [.. _said.Values];

    /// <summary>Says something of a letter in every batch that has it. False: no batch has it.</summary>
    public bool Answer(Guid letterId, string status, string? reasonCode)
    {
        lock (_one)
        {
            Take();
            var answers = house.Batches().SelectMany(batch => batch.Letters.Where(letter => letter.LetterId == letterId)
                .Select(letter => new PrintAnswer(NameOf(batch), letterId, letter.Version, status, reasonCode))).ToList();
            Write(answers);
            return answers.Count > 0;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.SpoolFolder is null)
            return;
        using var timer = new PeriodicTimer(options.StepDelay, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                lock (_one)
                {
                    Take();
                    Work();
                }
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                Log.Failed(logger, fault.GetType().Name);
            }
        }
    }

    private void Take()
    {
        foreach (var (name, archive) in house.Handed())
        {
            var mine = Path.Combine(Directory.CreateDirectory(options.HouseFolder!).FullName, Path.GetFileName(name));
            if (name != Path.GetFileName(name) || File.Exists(mine))
                continue;
            File.Copy(archive, mine + ".tmp", overwrite: true);
            File.SetLastWriteTimeUtc(mine + ".tmp", File.GetLastWriteTimeUtc(archive));
            File.Move(mine + ".tmp", mine);
        }
    }

    // Each step leaves a mark beside the archive, so that a restarted print house goes on where it was.
    private void Work()
    {
        if (Mode == PrintMode.Silent)
            return;
        foreach (var batch in house.Batches().Where(batch => File.Exists(Path.Combine(options.HouseFolder!, batch.Name))))
        {
            var (accepted, dispatched) = (Path.Combine(options.HouseFolder!, batch.Name + ".answered"), Path.Combine(options.HouseFolder!, batch.Name + ".dispatched"));
            if (!File.Exists(accepted))
            {
                Write([.. Letters(batch).Select(letter => Mode == PrintMode.Rejects ? Answer(batch, letter, "REJECTED", ReasonCode)
                    : letter.Intact ? Answer(batch, letter, "ACCEPTED", null) : Answer(batch, letter, "REJECTED", "CHECKSUM"))]);
                File.Create(accepted).Dispose();
            }
            else if (!File.Exists(dispatched))
            {
                Write([.. Letters(batch).Where(letter => _said.GetValueOrDefault((NameOf(batch), letter.LetterId!.Value)) is null or { Status: "ACCEPTED" }).Select(letter => Answer(batch, letter, "DISPATCHED", null))]);
                File.Create(dispatched).Dispose();
            }
        }
    }

    private void Write(IReadOnlyList<PrintAnswer> answers)
    {
        if (answers.Count == 0)
            return;
        var folder = Directory.CreateDirectory(options.AnswersFolder!).FullName;
        var text = new StringBuilder("batch,letter_id,letter_version,status,reason_code\r\n");
        foreach (var answer in answers)
        {
            text.Append(CultureInfo.InvariantCulture, $"{answer.Batch},{answer.LetterId},{answer.Version},{answer.Status},{answer.ReasonCode}\r\n");
            _said[(answer.Batch, answer.LetterId)] = answer;
        }

        var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyyMMddHHmmssfff}-{Interlocked.Increment(ref _files):D6}.csv"));
        File.WriteAllText(path + ".tmp", text.ToString());
        File.Move(path + ".tmp", path);
    }

    private static IEnumerable<PrintLetter> Letters(PrintBatch batch) => batch.Letters.Where(letter => letter.LetterId is not null);

    private static PrintAnswer Answer(PrintBatch batch, PrintLetter letter, string status, string? reasonCode) => new(NameOf(batch), letter.LetterId!.Value, letter.Version, status, reasonCode);

    private static string NameOf(PrintBatch batch) => Path.GetFileNameWithoutExtension(batch.Name);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The print house could not work ({Exception}); it tries again")]
        public static partial void Failed(ILogger logger, string exception);
    }
}
