using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace PatientHub.ServiceDefaults.Http;

/// <summary>The ids of one question of a service to another: many at a time, so that a sweep costs few calls (design section 2, "A last look before acting").</summary>
public static class IdList
{
    /// <summary>Most ids of a question.</summary>
    public const int Most = 500;

    /// <summary>True: <paramref name="ids"/> holds what is asked for, each once. False: <paramref name="refusal"/> is the answer (400 <c>too-many</c>).</summary>
    /// <param name="asked">As it came; null when the body names no list.</param>
    /// <param name="ids">What to look for.</param>
    /// <param name="refusal">The answer when there is no list, or a longer one.</param>
    public static bool TryRead(IReadOnlyCollection<Guid>? asked, out Guid[] ids, [NotNullWhen(false)] out ProblemHttpResult? refusal)
    {
        var readable = asked is { Count: <= Most };
        ids = readable ? [.. asked!.Distinct()] : [];
        refusal = readable ? null : Problems.Of(StatusCodes.Status400BadRequest, "too-many", $"Ask for a list of at most {Most} ids.");
        return readable;
    }
}
