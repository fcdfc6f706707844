using Microsoft.EntityFrameworkCore;
using PatientHub.Letters.Contracts.Http;
using PatientHub.Letters.Domain;
using PatientHub.Letters.Persistence;

namespace PatientHub.Letters.Features;

/// <summary>The enclosures of one version of a letter, in the order of the envelope (R10).</summary>
internal static class EnclosuresOf
{
    /// <summary>Titles and sizes; no file is loaded.</summary>
    public static Task<List<MyEnclosure>> ListAsync(LettersDbContext db, Guid letterId, int version, CancellationToken ct) => (
        from enclosure in db.Enclosures.AsNoTracking()
        join file in db.EnclosureFiles.AsNoTracking() on enclosure.FileId equals file.FileId
        where enclosure.LetterId == letterId && enclosure.Version == version
        orderby enclosure.Number
        select new MyEnclosure { Number = enclosure.Number, Title = file.Title, HasHtml = file.PdfBytes == null, PdfBytes = file.PdfBytes }).ToListAsync(ct);

    /// <summary>Everything, for the print.</summary>
    public static async Task<List<(int Number, EnclosureFile File)>> ReadAsync(LettersDbContext db, Guid letterId, int version, CancellationToken ct)
    {
        var rows = await (
            from enclosure in db.Enclosures.AsNoTracking()
            join file in db.EnclosureFiles.AsNoTracking() on enclosure.FileId equals file.FileId
            where enclosure.LetterId == letterId && enclosure.Version == version
            orderby enclosure.Number
            select new { enclosure.Number, file }).ToListAsync(ct);
        return rows.ConvertAll(row => (row.Number, row.file));
    }

    /// <summary>One of them; null when the version has no such number.</summary>
    public static Task<EnclosureFile?> FindAsync(LettersDbContext db, Guid letterId, int version, int number, CancellationToken ct) => (
        from enclosure in db.Enclosures.AsNoTracking()
        join file in db.EnclosureFiles.AsNoTracking() on enclosure.FileId equals file.FileId
        where enclosure.LetterId == letterId && enclosure.Version == version && enclosure.Number == number
        select file).SingleOrDefaultAsync(ct);
}
