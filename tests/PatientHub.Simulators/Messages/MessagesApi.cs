namespace PatientHub.Simulators.Messages;

/// <summary>`GET /api/messages`: what arrived, for tests. Newest first.</summary>
internal static class MessagesApi
{
    public static void MapMessages(this IEndpointRouteBuilder app)
    {
        // ?to= number or address in any spelling; ?take= at most so many.
        app.MapGet("/api/messages", (string? to, int? take, MessageBook book) =>
            Results.Ok((to is null ? book.All() : book.To(to)).Take(take ?? int.MaxValue)));
        app.MapGet("/api/messages/{id}", (string id, MessageBook book) => book.Find(id) is { } message ? Results.Ok(message) : Results.NotFound());
    }
}
