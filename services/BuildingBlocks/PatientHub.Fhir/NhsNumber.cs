namespace PatientHub.Fhir;

/// <summary>
/// The check digit of an NHS number (modulus 11: weights 10 to 2 over the first nine digits; 11 counts as 0, 10 is no number). A number that fails is kept as
/// unverified by whoever stores it, never used to join records.
/// </summary>
public static class NhsNumber
{
    /// <summary>The system of the identifier in FHIR.</summary>
    public const string System = "https://fhir.nhs.uk/Id/nhs-number";

    /// <summary>Takes spaces and dashes between the digits; gives the ten digits.</summary>
    public static bool TryParse(string? text, out string number)
    {
        number = "";
        if (text is null) return false;
        Span<char> digits = stackalloc char[10];
        var count = 0;
        foreach (var c in text)
        {
            if (c is ' ' or '-' or '\u00A0') continue;
            if (!char.IsAsciiDigit(c) || count == 10) return false;
            digits[count++] = c;
        }

        if (count != 10) return false;
        var sum = 0;
        for (var i = 0; i < 9; i++) sum += (digits[i] - '0') * (10 - i);
        var check = (11 - (sum % 11)) % 11;
        if (check == 10 || check != digits[9] - '0') return false;
        number = new string(digits);
        return true;
    }
}
