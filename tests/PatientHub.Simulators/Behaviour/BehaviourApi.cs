namespace PatientHub.Simulators.Behaviour;

/// <summary>`/api/behaviour`: scripts for tests and demonstrations.</summary>
internal static class BehaviourApi
{
    public static void MapBehaviour(this IEndpointRouteBuilder app)
    {
        // PUT /api/behaviour/+447700900123 {"behaves":"Landline"}     {"behaves":"TooManyRequests","times":2,"retryAfter":3}
        // PUT /api/behaviour/texts         {"behaves":"ServerError"}  a day without Twilio
        var behaviour = app.MapGroup("/api/behaviour");
        behaviour.MapGet("", (BehaviourBook book) => book.All());
        behaviour.MapPut("/{destination}", (string destination, Script script, BehaviourBook book) =>
        {
            book.Set(destination, script);
            return Results.NoContent();
        });
        behaviour.MapDelete("/{destination}", (string destination, BehaviourBook book) =>
        {
            book.Clear(destination);
            return Results.NoContent();
        });
        behaviour.MapDelete("", (BehaviourBook book) =>
        {
            book.Clear();
            return Results.NoContent();
        });
    }
}
