using System.Security.Cryptography;
using System.Text;

namespace PatientHub.Identity.Domain;

/// <summary>R17: 6 random characters, stable per record. Without vowels (no words) and without 0, 1, I, L, O: it is read off paper.</summary>
public static class UserVerificationCode
{
    public const int Length = 6;
    public const string Alphabet = "23456789BCDFGHJKMNPQRSTVWXYZ";

    public static string New() => RandomNumberGenerator.GetString(Alphabet, Length);

    /// <summary>Letter case, spaces, dashes and full-width characters do not matter.</summary>
    public static string Normalise(string? typed)
    {
        if (typed is null || typed.Length > 64) return "";
        var plain = new StringBuilder(Length);
        foreach (var c in typed)
        {
            var half = c is >= '\uFF01' and <= '\uFF5E' ? (char)(c - 0xFEE0) : c;
            if (char.IsAsciiLetterOrDigit(half)) plain.Append(char.ToUpperInvariant(half));
        }

        return plain.ToString();
    }

    /// <summary>Compares in constant time.</summary>
    public static bool Matches(string stored, string normalised) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(stored), Encoding.ASCII.GetBytes(normalised));
}
