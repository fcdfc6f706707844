using System.Collections.Concurrent;
using PatientHub.Letters.Clients;

namespace PatientHub.Letters.Features;

/// <summary>
/// A letter for the envelope ends on the back of a sheet: where it would end on a front, an empty back follows, numbered and named like every page. Whether one is
/// needed is known only once the letter has been laid out, so what the last letter of the same kind needed is tried first: a campaign renders nearly every letter once.
/// </summary>
public sealed class WholeSheets(IPdfRenderer renderer, PdfDocuments pdfs)
{
    private const int MostKinds = 2000;
    private readonly ConcurrentDictionary<string, bool> needsBack = new(StringComparer.Ordinal);

    /// <param name="kind">What letters of the same length share, such as their title and print size.</param>
    /// <param name="document">The document, with an empty back or without.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<byte[]> RenderAsync(string kind, Func<bool, string> document, CancellationToken ct)
    {
        var back = needsBack.GetValueOrDefault(kind);
        var pdf = await renderer.RenderAsync(document(back), ct);
        if (pdfs.CountPages(pdf) % 2 == 0) return pdf;

        if (needsBack.Count >= MostKinds) needsBack.Clear();
        needsBack[kind] = !back;
        return await renderer.RenderAsync(document(!back), ct);
    }
}
