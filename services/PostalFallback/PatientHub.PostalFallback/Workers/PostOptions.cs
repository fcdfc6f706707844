using System.ComponentModel.DataAnnotations;

namespace PatientHub.PostalFallback.Workers;

/// <summary>Settings of the ladder's post (A2).</summary>
public sealed class LadderOptions : IValidatableObject
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Ladder";

    /// <summary>Elapsed time from the first invitation to the post; 72 hours (R3). At least 24 h outside Development.</summary>
    public TimeSpan PostAfterInvitation { get; set; } = TimeSpan.FromHours(72);

    /// <summary>Elapsed time from booking to the post when no invitation leaves; 96 hours.</summary>
    public TimeSpan PostAfterBooking { get; set; } = TimeSpan.FromHours(96);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (PostAfterInvitation <= TimeSpan.Zero || PostAfterBooking < PostAfterInvitation)
            yield return new ValidationResult("Ladder:PostAfterInvitation must be positive and not above Ladder:PostAfterBooking.");
    }
}

/// <summary>When batches go.</summary>
public sealed class BatchOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Batches";

    /// <summary>True: what is due goes at once (local runs). False: at 17:30 in London on working days.</summary>
    public bool AtOnce { get; set; }

    /// <summary>How often due work is looked for.</summary>
    public TimeSpan Every { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Letters in a batch, 1 to 500.</summary>
    [Range(1, 500)]
    public int Size { get; set; } = 200;

    /// <summary>Letters that the print house takes on one day, leaving room for a batch of each worker; 20,000. More than that rest until the next day (checklist 60).</summary>
    [Range(1, 10_000_000)]
    public int MostLettersADay { get; set; } = 20_000;

    /// <summary>PDFs asked for at once, 1 to 16.</summary>
    [Range(1, 16)]
    public int ParallelPrints { get; set; } = 2;

    /// <summary>How long a letter that cannot go yet (a service is down, the patient is unknown) rests before it is looked at again.</summary>
    public TimeSpan Rest { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a worker may hold a batch before another takes it up.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>A batch that was written so long ago and could not be handed over (a print house that is down) is taken back, and its letters are looked at again: what was opened or changed meanwhile does not go (A3, A15).</summary>
    public TimeSpan LookAgainAfter { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>A letter that is due for so long and cannot go is a task and an alarm (A29: 15 minutes).</summary>
    public TimeSpan AlarmAfter { get; set; } = TimeSpan.FromMinutes(15);
}
