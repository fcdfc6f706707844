namespace PatientHub.Gateway.Session;

/// <summary>The gateway's cookies. All are <c>__Host-</c> (this host only, whole path, Secure), HttpOnly and SameSite=Lax.</summary>
internal static class Cookies
{
    /// <summary>Random session id and nothing else; ends with the browser (R12).</summary>
    public const string Session = "__Host-session";

    /// <summary>The sign-in attempt (A13): 15 minutes.</summary>
    public const string Attempt = "__Host-sign-in";

    /// <summary>Token of the permanent link that was followed, so that no later address carries it (R4).</summary>
    public const string Link = "__Host-link";

    /// <summary>Opens what was typed before a time-out (15 minutes).</summary>
    public const string Answers = "__Host-answers";

    /// <summary>The language that the patient chose; only set when there is more than one.</summary>
    public const string Language = "__Host-language";

    /// <summary>A member of staff at the desk; ends with the browser, and has nothing to do with a patient's session.</summary>
    public const string Staff = "__Host-staff";

    /// <summary>As <see cref="Answers"/>, at the desk.</summary>
    public const string StaffAnswers = "__Host-staff-answers";

    public const string AntiForgery = "__Host-anti-forgery";

    public static CookieOptions Options(TimeSpan? life = null) => new()
    {
        HttpOnly = true,
        Secure = true,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        IsEssential = true,
        MaxAge = life,
    };

    public static void Remove(HttpResponse response, string name) => response.Cookies.Delete(name, Options());
}
