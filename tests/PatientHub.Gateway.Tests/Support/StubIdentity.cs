using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Testing;

namespace PatientHub.Gateway.Tests.Support;

/// <summary>Identity as the gateway sees it: attempts, codes, tokens. The right code is 123456, the right UVC A2B3C4.</summary>
public sealed class StubIdentity(TestTokenAuthority tokens, TimeProvider time) : StubService
{
    public const string AttemptId = "attempt-0123456789abcdefghijkl";
    public const string LinkToken = "own-link-0123456789abc";
    public const string RightCode = "123456";
    public const string RightUvc = "A2B3C4";

    public static readonly Guid PatientId = Guid.Parse("0f000000-0000-8000-8000-000000000001");

    public string FullName { get; set; } = "Amy Okonkwo-Smith";

    public SignInOutcome AfterCode { get; set; } = SignInOutcome.SignedIn;

    public TimeSpan? Wait { get; set; }

    public TimeSpan TokenLife { get; set; } = TimeSpan.FromSeconds(60);

    public HashSet<Guid> EndedSessions { get; } = [];

    public Guid LastSessionId { get; private set; }

    public void UseContracts()
    {
        On("POST /connect/token", TokenAsync);
        On("POST /internal/sign-in/attempts", () => Results.Json(new SignInAttempt
        {
            AttemptId = AttemptId,
            CodeExpiresAt = time.GetUtcNow().AddSeconds(150),
            AttemptExpiresAt = time.GetUtcNow().AddMinutes(15),
            WaitUntil = Wait is { } wait ? time.GetUtcNow() + wait : null,
        }));
        On("POST /internal/sign-in/verify", async http =>
        {
            var body = (await http.Request.ReadFromJsonAsync<VerifyCode>())!;
            if (body.AttemptId != AttemptId)
                return Results.Json(new SignInResult { Outcome = SignInOutcome.AttemptEnded });
            return Results.Json(body.Code == RightCode
                ? new SignInResult { Outcome = AfterCode, Grant = AfterCode == SignInOutcome.SignedIn ? "grant-1" : null, Me = AfterCode == SignInOutcome.SignedIn ? Me : null, WaitUntil = AfterCode == SignInOutcome.Wait ? time.GetUtcNow().AddSeconds(60) : null }
                : new SignInResult { Outcome = SignInOutcome.WrongCode });
        });
        On("POST /internal/sign-in/resend", () => Results.Json(new SignInResult { Outcome = SignInOutcome.CodeSent, CodeExpiresAt = time.GetUtcNow().AddSeconds(150) }));
        On("POST /internal/sign-in/uvc", async http =>
        {
            var body = (await http.Request.ReadFromJsonAsync<VerifyUvc>())!;
            return Results.Json(body.Uvc == RightUvc ? new SignInResult { Outcome = SignInOutcome.SignedIn, Grant = "grant-1", Me = Me } : new SignInResult { Outcome = SignInOutcome.WrongUvc });
        });
        On("POST /internal/sign-in/uvc/resend", () => Results.Json(new SignInResult { Outcome = SignInOutcome.CodeSent }));
        On("POST /internal/sessions/end", async http =>
        {
            EndedSessions.Add((await http.Request.ReadFromJsonAsync<EndSession>())!.SessionId);
            return Results.NoContent();
        });
        On("POST /internal/contacts/wrong-person", async http => (await http.Request.ReadFromJsonAsync<WrongPerson>())!.Identifier == "07700 900" ? Results.Problem(statusCode: 400) : Results.NoContent());
        On("GET /api/me", () => Results.Json(Me));
    }

    private Me Me => new()
    {
        PatientId = PatientId,
        FullName = FullName,
        FirstName = "Amy",
        LinkHash = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(LinkToken))),
        MaskedMobiles = ["07700 ••• 123"],
        MaskedEmails = ["a•••••@example.org"],
        MaskedAddress = "12 H…, LS9",
    };

    private async Task<IResult> TokenAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync();
        switch (form["grant_type"])
        {
            case "client_credentials":
                return Results.Json(new { access_token = tokens.MachineToken("gateway", form["scope"].ToString()), expires_in = 300, token_type = "Bearer" });
            case Grants.ProvenCode when form["grant"] == "grant-1":
                LastSessionId = Guid.CreateVersion7();
                return Patient(LastSessionId);
            case Grants.Session when Guid.TryParse(form["sid"], out var sid) && !EndedSessions.Contains(sid):
                return Patient(sid);
            case Grants.Staff when form["client_id"] == "gateway":
                return Results.Json(new { access_token = tokens.StaffToken(form["staff_id"].ToString(), form["staff_name"].ToString(), form["supervisor"] == "true"), expires_in = 60, token_type = "Bearer" });
            default:
                return Results.Json(new { error = "invalid_grant" }, statusCode: 400);
        }

        IResult Patient(Guid session) => Results.Json(new { access_token = tokens.PatientToken(PatientId, session, TokenLife), expires_in = (int)TokenLife.TotalSeconds, token_type = "Bearer" });
    }
}
