namespace PatientHub.Simulators.Print;

/// <summary>`GET /api/print`: the batches as the print house has them; `/post/pdf` serves a letter; `/api/print/…` tells it how to answer.</summary>
internal static class PrintApi
{
    public static void MapPrint(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/print", (PrintHouse house) => house.Batches());
        app.MapGet("/post/pdf", (string batch, string file, PrintHouse house) =>
            house.Pdf(batch, file) is { } pdf ? Results.Bytes(pdf, "application/pdf") : Results.NotFound());
        app.MapGet("/api/print/answers", (PrintFloor floor) => floor.Said);
        app.MapPost("/api/print/answers", (PrintAnswerOrder order, PrintFloor floor) => floor.Answer(order.LetterId, order.Status, order.ReasonCode) ? Results.NoContent() : Results.NotFound());
        app.MapPost("/api/print/mode", (PrintModeOrder order, PrintFloor floor) =>
        {
            (floor.Mode, floor.ReasonCode) = (order.Mode, order.ReasonCode);
            return Results.NoContent();
        });
    }
}

/// <summary>`POST /api/print/answers`: what the print house says of a letter now, in the words of NHS Notify's suppliers.</summary>
public sealed record PrintAnswerOrder(Guid LetterId, string Status, string? ReasonCode = null);

/// <summary>`POST /api/print/mode`: how it answers from now on.</summary>
public sealed record PrintModeOrder(PrintMode Mode, string? ReasonCode = null);
