namespace PatientHub.PostalFallback.Clients;

/// <summary>The print house: takes batches, and answers for each letter. Every call is safe to repeat after a crash.</summary>
internal interface IPrintHouse
{
    /// <summary>
    /// Gives a written batch away: from its <c>.ok</c> on the print house may take it. When a crash came after that, and the print house has taken the files already,
    /// nothing is given a second time.
    /// </summary>
    Task ReleaseAsync(string name, CancellationToken cancellationToken);

    /// <summary>Takes a written batch back, files and all. False when it was given away, or may have been: then only <see cref="ReleaseAsync"/> is safe.</summary>
    Task<bool> TryRecallAsync(string name, CancellationToken cancellationToken);

    /// <summary>Names of answers that wait, oldest first. Files still being written are left out.</summary>
    Task<IReadOnlyList<string>> AnswersAsync(CancellationToken cancellationToken);

    /// <summary>One answer's content; null when it is gone.</summary>
    Task<byte[]?> ReadAnswerAsync(string answer, CancellationToken cancellationToken);

    /// <summary>It was recorded.</summary>
    Task DeleteAnswerAsync(string answer, CancellationToken cancellationToken);

    /// <summary>It cannot be read: kept under the name <c>.bad</c> for people.</summary>
    Task SetAsideAsync(string answer, CancellationToken cancellationToken);

    /// <summary>The batch was reconciled: its files go, here and there.</summary>
    Task DeleteAsync(string name, CancellationToken cancellationToken);
}

/// <summary>Names and limits that every hand-over shares.</summary>
internal static class PrintFiles
{
    /// <summary>An answer holds a short line for each letter: more than this is not one.</summary>
    public const int LargestAnswer = 10 * 1024 * 1024;

    public static bool IsAnswer(string name) => name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase);
}
