namespace PatientHub.Letters.Clients;

/// <summary>Turns a complete HTML document into a tagged A4 PDF. Scripts do not run, nothing is fetched from anywhere.</summary>
public interface IPdfRenderer
{
    /// <exception cref="TimeoutException">The page was stuck; the renderer has been started again.</exception>
    Task<byte[]> RenderAsync(string html, CancellationToken ct);
}
