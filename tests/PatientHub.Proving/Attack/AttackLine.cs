using System.Globalization;

namespace PatientHub.Proving.Attack;

/// <summary>What one attack came to.</summary>
/// <param name="Checklist">Numbers of the checklist.</param>
/// <param name="Asked">Requests with a guess in them.</param>
/// <param name="Compared">Guesses that were held against a real code: all others were refused before.</param>
/// <param name="Entries">Sessions that nobody should have had. The right code is never among the guesses, so an entry is a fault and no luck.</param>
/// <param name="Bound">What the limits promise, in words.</param>
/// <param name="Broken">What was not as promised; empty: all held.</param>
public sealed record AttackLine(string Name, string Checklist, long Asked, long Compared, int Entries, string Bound, IReadOnlyList<string> Broken)
{
    public bool Held => Entries == 0 && Broken.Count == 0;

    public string ToRow() => string.Create(CultureInfo.InvariantCulture, $"| {Name} | {Checklist} | {Asked} | {Compared} | {Entries} | {Bound} | {(Held ? "held" : string.Join("; ", Broken.Prepend("BROKEN")))} |");

    public static string Header => "| Attack | Checklist | Guesses sent | Compared with a code | Entries | Bound | Result |\n|---|---|---|---|---|---|---|";
}
