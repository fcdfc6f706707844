namespace PatientHub.Proving.Fuzz;

/// <summary>A listener of the gateway.</summary>
public enum Door
{
    Public,
    Machine,
}

/// <summary>As whom a request comes.</summary>
public enum Caller
{
    Nobody,

    /// <summary>In the middle of signing in: with the cookie of an attempt.</summary>
    Attempt,

    /// <summary>Signed in: session cookie and anti-forgery token.</summary>
    Patient,
    Pas,
    TrustAdmin,
    BookingCentre,
}

/// <summary>Who signs the body, so that it gets past the signature's check.</summary>
public enum Signer
{
    None,
    Twilio,
    SendGrid,
}

public sealed record FuzzBody(string ContentType, byte[] Bytes, Signer Signer = Signer.None);

/// <summary>One route from outside. Names in braces are drawn from <see cref="KnownValues"/>, from chance, or from what breaks things.</summary>
/// <param name="Caller">Who uses it as it is meant.</param>
/// <param name="Weight">How often, against the others.</param>
public sealed record FuzzRoute(Door Door, string Method, string Path, Caller Caller, Func<Dice, FuzzBody>? Body = null, int Weight = 10, params (string Name, string Value)[] Headers);

/// <summary>What exists in the hub, for requests that find something.</summary>
public sealed class KnownValues
{
    /// <summary>Names of what belongs to whoever is signed in: <c>_own.appointment_</c> is filled in when a request is sent.</summary>
    public static readonly IReadOnlySet<string> Own = new HashSet<string> { "appointment", "letter" };

    /// <summary>By the name in a route's braces, and by the last word of a JSON property's name (letterId: letter).</summary>
    public required IReadOnlyDictionary<string, string[]> Values { get; init; }

    public string[] Of(string name) => Values.TryGetValue(name, out var values) ? values : [];
}
