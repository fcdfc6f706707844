namespace PatientHub.Simulators.Print;

/// <summary>`GET /api/print`: the spool as the print house reads it; `/post/pdf` serves a letter.</summary>
internal static class PrintApi
{
    public static void MapPrint(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/print", (PrintHouse house) => house.Batches());
        app.MapGet("/post/pdf", (string batch, string file, PrintHouse house) =>
            house.Pdf(batch, file) is { } pdf ? Results.Bytes(pdf, "application/pdf") : Results.NotFound());
    }
}
