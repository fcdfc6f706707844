using System.Globalization;
using System.Text.RegularExpressions;
using CsvHelper;
using PatientHub.PostalFallback.Domain;

namespace PatientHub.PostalFallback.Clients;

/// <summary>What the print house says of one letter.</summary>
/// <param name="Batch">Name of the batch.</param>
/// <param name="LetterId">The letter.</param>
/// <param name="LetterVersion">Its version.</param>
/// <param name="Status">What became of it.</param>
/// <param name="Reason">Reason code, in capitals; null when there is none. Only a code: free text could hold anything.</param>
internal sealed record AnswerLine(string Batch, Guid LetterId, int LetterVersion, PrintStatus Status, string? Reason);

/// <summary>
/// The reconciliation file: CSV with the headings <c>batch, letter_id, letter_version, status, reason_code</c> in any order, others are left alone. Statuses are those of
/// NHS Notify's letter suppliers, in any case; "despatched" is as good as "dispatched". A line that cannot be understood does not take the others with it.
/// </summary>
internal static partial class AnswerFile
{
    private static readonly string[] Needed = ["batch", "letter_id", "letter_version", "status"];

    /// <summary>Its lines, and how many could not be understood; null when the whole file is not one.</summary>
    public static (IReadOnlyList<AnswerLine> Lines, int Unclear)? Read(byte[] content)
    {
        var lines = new List<AnswerLine>();
        var unclear = 0;
        try
        {
            using var csv = CsvReader.Create(new MemoryStream(content), new CsvReaderOptions { HasHeader = false, IncludeValuesInExceptions = false, SkipEmptyLines = true });
            if (!csv.Read())
                return null;
            var headings = Fields(csv).Select((name, index) => (name.Trim().ToLowerInvariant(), index)).GroupBy(heading => heading.Item1).ToDictionary(heading => heading.Key, heading => heading.First().index);
            if (!Needed.All(headings.ContainsKey))
                return null;
            while (csv.Read())
            {
                var fields = Fields(csv);
                string Field(string name) => headings.TryGetValue(name, out var index) && index < fields.Count ? fields[index].Trim() : "";
                if (Line(Field) is { } line)
                    lines.Add(line);
                else
                    unclear++;
            }
        }
        catch (Exception damaged) when (damaged is CsvFormatException or CsvValidationException or FormatException or InvalidDataException or ArgumentException)
        {
            return null;
        }

        return (lines, unclear);
    }

    private static AnswerLine? Line(Func<string, string> field)
    {
        var status = field("status").Replace("despatch", "dispatch", StringComparison.OrdinalIgnoreCase);
        return Guid.TryParse(field("letter_id"), out var letterId) && int.TryParse(field("letter_version"), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            && status.Length > 0 && char.IsAsciiLetter(status[0]) && Enum.TryParse<PrintStatus>(status, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed) && field("batch") is { Length: > 0 and <= 100 } batch
            ? new AnswerLine(batch, letterId, version, parsed, field("reason_code").ToUpperInvariant() is { Length: > 0 } reason ? ReasonCode().IsMatch(reason) ? reason : "OTHER" : null)
            : null;
    }

    private static List<string> Fields(CsvReader csv) => [.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString)];

    [GeneratedRegex("^[A-Z][A-Z0-9_-]{0,39}$")]
    private static partial Regex ReasonCode();
}
