using PatientHub.Gateway.Session;
using PatientHub.Letters.Contracts.Http;

namespace PatientHub.Gateway.Clients;

/// <summary>Letters on the patient's behalf. Reading one opens it (A3), so nothing but the letter's own page asks for it.</summary>
internal sealed class LettersClient(HttpClient http, CurrentPatient patient)
{
    public Task<Part<List<MyLetter>>> ListAsync(CancellationToken cancellationToken) => http.LoadAsync<List<MyLetter>>("api/me/letters", patient, cancellationToken);

    public Task<Part<LetterContent>> OpenAsync(Guid id, CancellationToken cancellationToken) => http.LoadAsync<LetterContent>($"api/me/letters/{id}", patient, cancellationToken);
}

/// <summary>Letters as PDF: the first one after a start takes some seconds, so it has its own patience.</summary>
internal sealed class LetterFilesClient(HttpClient http, CurrentPatient patient)
{
    public Task<HttpResponseMessage?> PdfAsync(Guid id, CancellationToken cancellationToken) => http.FileAsync($"api/me/letters/{id}/pdf", patient, cancellationToken);
}
