namespace PatientHub.Simulators.Messages;

/// <summary>One spelling for every way to write a number or an email address, so that the phone page and scripts find it.</summary>
public static class Destination
{
    /// <summary>`07700 900123`, `0044 7700 900123` and `+44 (0)7700 900123` are all `+447700900123`; email addresses are compared in lower case.</summary>
    public static string Normalise(string written)
    {
        var text = written.Trim();
        if (text.Contains('@'))
            return text.ToLowerInvariant();

        var digits = string.Concat(text.Replace("(0)", "", StringComparison.Ordinal).Where(char.IsAsciiDigit));
        if (digits.Length == 0)
            return text.ToLowerInvariant(); // `texts`, `emails`: the words of BehaviourBook
        if (text.StartsWith('+'))
            return "+" + digits;
        if (digits.StartsWith("00", StringComparison.Ordinal))
            return "+" + digits[2..];
        if (digits.StartsWith('0'))
            return "+44" + digits[1..];
        return "+" + digits; // a `+` that a browser turned into a space
    }
}
