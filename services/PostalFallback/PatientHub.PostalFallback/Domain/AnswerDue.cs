using PatientHub.Calendar;

namespace PatientHub.PostalFallback.Domain;

/// <summary>A29: by when the print house must have answered. It works on working days, so a batch of Friday evening is not missed on Saturday.</summary>
public static class AnswerDue
{
    /// <param name="handedOverAt">When the batch was handed over.</param>
    /// <param name="within">How long an answer may take; a day.</param>
    public static DateTimeOffset By(DateTimeOffset handedOverAt, TimeSpan within)
    {
        var due = handedOverAt + within;
        while (!WorkingDays.IsWorkingDay(LondonTime.DateOf(due)))
            due = due.AddDays(1);
        return due;
    }
}
