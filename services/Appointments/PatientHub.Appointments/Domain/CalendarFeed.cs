using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using PatientHub.Appointments.Contracts.Http;

namespace PatientHub.Appointments.Domain;

/// <summary>
/// A patient's private calendar feed (R24). Off until the patient switches it on; then whoever has its address can read times and places, without signing in. So the
/// address has 256 random bits, only their hash is kept, and the feed ends with whatever ends a session (A24, A30, A31), with an opt-out (R30), and when nobody uses it.
/// </summary>
public sealed class CalendarFeed
{
    public static readonly TimeSpan IdleLimit = TimeSpan.FromDays(90);

    private const int TokenBytes = 32;

    private CalendarFeed()
    {
    }

    public CalendarFeed(Guid patientId) => PatientId = patientId;

    public Guid PatientId { get; private set; }

    /// <summary>SHA-256 of the token; null when the feed is not on.</summary>
    public byte[]? TokenHash { get; private set; }

    public DateTimeOffset SwitchedOnAt { get; private set; }

    /// <summary>To the hour: what a calendar's fetch leaves behind, so that a forgotten feed ends.</summary>
    public DateTimeOffset? FetchedAt { get; private set; }

    /// <summary>It was switched on through a parent's contact: the feed ends when the patient is 16.</summary>
    public bool ThroughParent { get; private set; }

    public DateTimeOffset? EndedAt { get; private set; }
    public CalendarFeedEnd? EndedBy { get; private set; }
    public int Version { get; private set; }

    /// <summary>On, or on again, under a new address. Returns its token, which is not kept.</summary>
    public string SwitchOn(bool throughParent, DateTimeOffset now)
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        (TokenHash, SwitchedOnAt, FetchedAt, ThroughParent) = (HashOf(token), now, null, throughParent);
        (EndedAt, EndedBy) = (null, null);
        Version++;
        return token;
    }

    public void End(CalendarFeedEnd by, DateTimeOffset now)
    {
        if (TokenHash is null) return;
        (TokenHash, EndedAt, EndedBy) = (null, now, by);
        Version++;
    }

    public bool IsIdle(DateTimeOffset now) => now - (FetchedAt ?? SwitchedOnAt) > IdleLimit;

    /// <summary>Why it must end now, as the record stands; null when it may go on.</summary>
    /// <param name="now">The database's time.</param>
    /// <param name="maySignIn">Whether the record may be signed in to.</param>
    /// <param name="throughParent">Whether its contacts belong to a parent today.</param>
    public CalendarFeedEnd? WhyEnd(DateTimeOffset now, bool maySignIn, bool throughParent)
    {
        if (IsIdle(now)) return CalendarFeedEnd.Idle;
        if (!maySignIn) return CalendarFeedEnd.RecordClosed;
        return ThroughParent && !throughParent ? CalendarFeedEnd.Sixteen : null;
    }

    /// <summary>The form of a token is not secret: what has another one need not be looked for.</summary>
    public static bool IsToken(string text) => text.Length == Base64Url.GetEncodedLength(TokenBytes) && Base64Url.IsValid(text);

    /// <summary>The token has all the randomness a key would add.</summary>
    public static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
