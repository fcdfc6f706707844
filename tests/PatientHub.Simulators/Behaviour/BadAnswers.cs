using System.Text;

namespace PatientHub.Simulators.Behaviour;

/// <summary>Answers that are none, or none that a client can use.</summary>
internal static class BadAnswers
{
    /// <summary>Waits until the caller gives up, then cuts the line without an answer.</summary>
    public static async Task<IResult> HangAsync(HttpContext context, SimulatorsOptions options, TimeProvider time)
    {
        try
        {
            await Task.Delay(options.HangFor, time, context.RequestAborted);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller gave up first, as it should.
        }

        context.Abort();
        return Results.Empty;
    }

    /// <summary>RST instead of an answer.</summary>
    public static IResult Reset(HttpContext context)
    {
        context.Abort();
        return Results.Empty;
    }

    /// <summary>A good status and then the body byte by byte: it takes as long as a request that hangs, unless the caller gives up first.</summary>
    public static async Task<IResult> DripAsync(HttpContext context, int status, string body, SimulatorsOptions options, TimeProvider time)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = bytes.Length;
        try
        {
            foreach (var one in bytes)
            {
                await context.Response.Body.WriteAsync(new[] { one }, context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await Task.Delay(options.HangFor / bytes.Length, time, context.RequestAborted);
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller gave up first, as it should.
        }

        return Results.Empty;
    }

    /// <summary>A good status with the page of some middle box, which says it is JSON.</summary>
    public static IResult Garbage(int status) => Results.Text("<html><body>It works!</body></html>\0\uFFFD{", "application/json", Encoding.UTF8, status);
}
