using PatientHub.Gateway.Session;
using PatientHub.Letters.Contracts.Http;

namespace PatientHub.Gateway.Clients;

/// <summary>Letters on the patient's behalf. Reading one opens it (A3), so nothing but the letter's own page asks for it.</summary>
internal sealed class LettersClient(HttpClient http, CurrentPatient patient)
{
    public Task<Part<List<MyLetter>>> ListAsync(CancellationToken cancellationToken) => http.LoadAsync<List<MyLetter>>("api/me/letters", patient, cancellationToken);

    public Task<Part<LetterContent>> OpenAsync(Guid id, CancellationToken cancellationToken) => http.LoadAsync<LetterContent>($"api/me/letters/{id}", patient, cancellationToken);

    public Task<Part<EnclosureContent>> EnclosureAsync(Guid id, int number, CancellationToken cancellationToken) => http.LoadAsync<EnclosureContent>($"api/me/letters/{id}/enclosures/{number}", patient, cancellationToken);

    public Task<Part<EarlierLetter>> EarlierAsync(Guid id, int version, CancellationToken cancellationToken) => http.LoadAsync<EarlierLetter>($"api/me/letters/{id}/versions/{version}", patient, cancellationToken);
}

/// <summary>Letters as PDF: the first one after a start takes some seconds, so it has its own patience.</summary>
internal sealed class LetterFilesClient(HttpClient http, CurrentPatient patient)
{
    public Task<HttpResponseMessage?> PdfAsync(Guid id, bool large, CancellationToken cancellationToken) => http.FileAsync($"api/me/letters/{id}/pdf{(large ? "?large=true" : "")}", patient, cancellationToken);

    public Task<HttpResponseMessage?> EnclosureAsync(Guid id, int number, CancellationToken cancellationToken) => http.FileAsync($"api/me/letters/{id}/enclosures/{number}/pdf", patient, cancellationToken);

    public Task<HttpResponseMessage?> EarlierAsync(Guid id, int version, CancellationToken cancellationToken) => http.FileAsync($"api/me/letters/{id}/versions/{version}/pdf", patient, cancellationToken);
}
