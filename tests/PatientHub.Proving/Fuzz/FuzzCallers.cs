using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using PatientHub.Proving.Actors;
using PatientHub.Proving.Books;
using PatientHub.Proving.Rig;
using PatientHub.Testing;

namespace PatientHub.Proving.Fuzz;

/// <summary>Cookies and anti-forgery token of somebody, and what is theirs, by its name in requests.</summary>
internal sealed record FuzzBrowser(string Cookies, string Token, IReadOnlyDictionary<string, string> Own);

/// <summary>
/// Who sends: strangers, people in the middle of signing in, signed-in patients, the three machines. Whoever was signed out signs in again, as somebody else: people sign in ahead of time, so that no request waits
/// for a code. Somebody whom no code reaches (a request may have reported the contact dead) does not try again.
/// </summary>
public sealed class FuzzCallers : IAsyncDisposable
{
    private const int SessionsAtOnce = 8;
    private const int SignInsAtOnce = 3;
    private static readonly TimeSpan TokenLife = TimeSpan.FromMinutes(5);

    private readonly HubUnderTest _hub;
    private readonly HttpClient _http;
    private readonly ConcurrentQueue<(PasPerson Person, IReadOnlyDictionary<string, string> Own)> _people;
    private readonly Channel<FuzzBrowser> _ready = Channel.CreateBounded<FuzzBrowser>(SessionsAtOnce);
    private readonly CancellationTokenSource _over = new();
    private readonly Task _signingIn;
    private readonly ConcurrentDictionary<Caller, (string Token, DateTimeOffset Until)> _tokens = new();
    private readonly SemaphoreSlim[] _slots = [.. Enumerable.Range(0, SessionsAtOnce).Select(_ => new SemaphoreSlim(1))];
    private readonly FuzzBrowser?[] _sessions = new FuzzBrowser?[SessionsAtOnce];
    private readonly FuzzBrowser?[] _attempts = new FuzzBrowser?[SessionsAtOnce];
    private readonly Dictionary<string, string> _secret;
    private readonly string _twilio;
    private readonly ECDsa _sendGrid;
    private int _signIns;
    private int _inVain;
    private long _waited;

    public FuzzCallers(HubUnderTest hub, IReadOnlyList<(PasPerson Person, IReadOnlyDictionary<string, string> Own)> people)
    {
        (_hub, _people) = (hub, new(people));
        _http = new() { BaseAddress = hub.Address("gateway", "machine") };
        _secret = new() { ["_own.secret_"] = hub.Ready.Parameters["pas-client-secret"] };
        _twilio = hub.Ready.Parameters["twilio-auth-token"];
        _sendGrid = SendGridKey(hub.Ready.Parameters["sendgrid-webhook-private-key"]);
        _signingIn = Task.WhenAll(Enumerable.Range(0, SignInsAtOnce).Select(_ => Task.Run(SignInAsync)));
    }

    public int SignIns => _signIns;

    /// <summary>People whom no code reached, or whose code was not taken.</summary>
    public int InVain => _inVain;

    /// <summary>How long requests have waited until somebody was signed in, all together.</summary>
    public TimeSpan Waited => TimeSpan.FromTicks(Interlocked.Read(ref _waited));

    /// <summary>Adds what proves the caller, and the provider's signature.</summary>
    public async Task<FuzzRequest> IdentifyAsync(FuzzRequest request, List<(string Name, string Value)> headers, CancellationToken ct)
    {
        var slot = (int)(request.Number % SessionsAtOnce);
        var known = request.Caller switch
        {
            Caller.Patient => _sessions[slot] ?? await RenewAsync(_sessions, slot, () => _ready.Reader.ReadAsync(ct).AsTask(), ct),
            Caller.Attempt or Caller.Nobody when request.Door == Door.Public => _attempts[slot] ?? await RenewAsync(_attempts, slot, () => AttemptAsync(slot), ct),
            _ => null,
        };
        if (known is { } browser)
        {
            headers.Add(("Cookie", request.Caller == Caller.Nobody ? string.Join("; ", browser.Cookies.Split("; ").Where(c => c.StartsWith("__Host-anti", StringComparison.Ordinal))) : browser.Cookies));
            headers.Add(("RequestVerificationToken", browser.Token));
        }
        request = request.With(known?.Own ?? _secret);
        if (request.Caller is Caller.Pas or Caller.TrustAdmin or Caller.BookingCentre)
        {
            headers.Add(("Authorization", "Bearer " + await TokenAsync(request.Caller, ct)));
        }
        if (request.Body is { Signer: not Signer.None } body && request.Number % 10 != 0)
        {
            Sign(request, body, headers);
        }
        return request;
    }

    /// <summary>The session of that request is over: its slot is somebody else's next.</summary>
    public void Forget(FuzzRequest request) => _sessions[request.Number % SessionsAtOnce] = null;

    public void ForgetAttempt(FuzzRequest request) => _attempts[request.Number % SessionsAtOnce] = null;

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _signingIn.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _over.Dispose();
        _http.Dispose();
        _sendGrid.Dispose();
        Array.ForEach(_slots, slot => slot.Dispose());
    }

    private async Task<FuzzBrowser> RenewAsync(FuzzBrowser?[] slots, int slot, Func<Task<FuzzBrowser>> make, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        await _slots[slot].WaitAsync(ct);
        try
        {
            return slots[slot] ??= await make();
        }
        finally
        {
            _slots[slot].Release();
            Interlocked.Add(ref _waited, clock.Elapsed.Ticks);
        }
    }

    private async Task SignInAsync()
    {
        try
        {
            while (_people.TryDequeue(out var next))
            {
                var patient = new PatientOnline(_hub, new Ledger(), next.Person);
                if (await patient.SignInAsync() && await patient.OpenAsync("/preferences") is { } page && TokenOf(page) is { } token)
                {
                    Interlocked.Increment(ref _signIns);
                    _people.Enqueue(next);
                    await _ready.Writer.WriteAsync(new FuzzBrowser(CookiesOf(patient.Browser), token, next.Own), _over.Token);
                }
                else
                {
                    Interlocked.Increment(ref _inVain);
                }
            }
            _ready.Writer.TryComplete(new InvalidOperationException("Nobody can sign in any more; the last page of the log:\n" + _hub.Tail()));
        }
        catch (Exception fault)
        {
            _ready.Writer.TryComplete(fault);
            throw;
        }
    }

    private async Task<FuzzBrowser> AttemptAsync(int slot)
    {
        var browser = new Browser(_hub.Address("gateway").ToString());
        var form = await browser.OpenAsync("/sign-in");
        var page = await browser.FollowAsync(await browser.SubmitAsync(form, "main form", ("Identifier", $"nobody{slot}@example.org"), ("Day", "1"), ("Month", "1"), ("Year", "1980")));
        return new FuzzBrowser(CookiesOf(browser), TokenOf(page) ?? "", _secret);
    }

    private async Task<string> TokenAsync(Caller caller, CancellationToken ct)
    {
        if (_tokens.TryGetValue(caller, out var known) && DateTimeOffset.UtcNow < known.Until)
        {
            return known.Token;
        }
        var (client, scope) = caller switch { Caller.Pas => ("pas", "fhir.write"), Caller.TrustAdmin => ("trust-admin", "trust.admin"), _ => ("booking-centre", "tasks") };
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = client,
            ["client_secret"] = _hub.Ready.Parameters[$"{client}-client-secret"],
            ["scope"] = scope,
        });
        using var response = await _http.PostAsync("/connect/token", form, ct);
        response.EnsureSuccessStatusCode();
        var token = (await response.Content.ReadFromJsonAsync<JsonObject>(ct))!["access_token"]!.GetValue<string>();
        _tokens[caller] = (token, DateTimeOffset.UtcNow + TokenLife);
        return token;
    }

    private void Sign(FuzzRequest request, FuzzBody body, List<(string Name, string Value)> headers)
    {
        if (body.Signer == Signer.Twilio)
        {
            var fields = Encoding.UTF8.GetString(body.Bytes).Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)).Select(pair => (Uri.UnescapeDataString(pair[0]), Value: Uri.UnescapeDataString(pair.Length > 1 ? pair[1] : "")));
            var signed = string.Concat(fields.GroupBy(f => f.Item1).OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => f.Key + string.Join(',', f.Select(x => x.Value))));
            var address = new Uri(_hub.Address("gateway"), request.Target).ToString();
            headers.Add(("X-Twilio-Signature", Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(_twilio), Encoding.UTF8.GetBytes(address + signed)))));
            return;
        }
        var timestamp = DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
        byte[] signature;
        lock (_sendGrid)
        {
            signature = _sendGrid.SignData([.. Encoding.UTF8.GetBytes(timestamp), .. body.Bytes], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        headers.Add(("X-Twilio-Email-Event-Webhook-Timestamp", timestamp));
        headers.Add(("X-Twilio-Email-Event-Webhook-Signature", Convert.ToBase64String(signature)));
    }

    private static string CookiesOf(Browser browser) => string.Join("; ", browser.Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}"));

    private static string? TokenOf(Page page) => page.Document.QuerySelector("input[name=__RequestVerificationToken]")?.GetAttribute("value");

    private static ECDsa SendGridKey(string pkcs8)
    {
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(Convert.FromBase64String(pkcs8), out _);
        return key;
    }
}
