using System.Net;
using PatientHub.Identity.Contracts.Http;

namespace PatientHub.Gateway.Clients;

/// <summary>The steps of signing in at Identity, with the gateway's own token (scope <c>sign-in</c>). Never repeated by itself: a repeat would count as another try.</summary>
internal sealed class IdentitySignInClient(HttpClient http)
{
    /// <summary>Null when a field is not in a usable form.</summary>
    public async Task<SignInAttempt?> StartAsync(StartSignIn details, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsJsonAsync("internal/sign-in/attempts", details, cancellationToken);
        if (response.StatusCode == HttpStatusCode.BadRequest)
            return null;
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<SignInAttempt>(cancellationToken);
    }

    public Task<SignInResult> VerifyAsync(string attemptId, string code, CancellationToken cancellationToken) =>
        PostAsync("internal/sign-in/verify", new VerifyCode { AttemptId = attemptId, Code = code }, cancellationToken);

    public Task<SignInResult> SendNewCodeAsync(string attemptId, CancellationToken cancellationToken) =>
        PostAsync("internal/sign-in/resend", new AttemptReference { AttemptId = attemptId }, cancellationToken);

    public Task<SignInResult> VerifyUvcAsync(string attemptId, string uvc, CancellationToken cancellationToken) =>
        PostAsync("internal/sign-in/uvc", new VerifyUvc { AttemptId = attemptId, Uvc = uvc }, cancellationToken);

    public Task<SignInResult> SendUvcAsync(string attemptId, CancellationToken cancellationToken) =>
        PostAsync("internal/sign-in/uvc/resend", new AttemptReference { AttemptId = attemptId }, cancellationToken);

    /// <summary>"Not for me" (A32). False when what was typed is not in a usable form.</summary>
    public async Task<bool> ReportWrongPersonAsync(string? identifier, string? linkToken, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsJsonAsync("internal/contacts/wrong-person", new WrongPerson { Identifier = identifier, LinkToken = linkToken }, cancellationToken);
        if (response.StatusCode == HttpStatusCode.BadRequest)
            return false;
        response.EnsureSuccessStatusCode();
        return true;
    }

    private async Task<SignInResult> PostAsync<T>(string path, T body, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsJsonAsync(path, body, cancellationToken);
        // An attempt id that nobody gave out, or a value of impossible length: to the patient an attempt that has ended.
        if (response.StatusCode == HttpStatusCode.BadRequest)
            return new SignInResult { Outcome = SignInOutcome.AttemptEnded };
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<SignInResult>(cancellationToken) ?? throw new HttpRequestException("Identity answered without a result.");
    }
}

/// <summary>Ends sessions at Identity (scope <c>session</c>).</summary>
internal sealed class IdentitySessionClient(HttpClient http)
{
    public async Task EndAsync(Guid sessionId, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsJsonAsync("internal/sessions/end", new EndSession { SessionId = sessionId }, cancellationToken);
        response.EnsureSuccessStatusCode();
    }
}
