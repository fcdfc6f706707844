namespace PatientHub.Simulators.Messages;

/// <summary>How many parts a text needs (GSM 03.38).</summary>
public static class TextSegments
{
    private const string Basic =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    private const string Extended = "\f^{}\\[~]|€"; // two places each

    /// <summary>Parts for this text; an empty one still needs one.</summary>
    public static int Count(string text)
    {
        var places = 0;
        foreach (var character in text)
        {
            if (Basic.Contains(character, StringComparison.Ordinal))
                places++;
            else if (Extended.Contains(character, StringComparison.Ordinal))
                places += 2;
            else
                return Parts(text.Length, 70, 67);
        }

        return Parts(places, 160, 153);
    }

    private static int Parts(int places, int single, int each) => places <= single ? 1 : (places + each - 1) / each;
}
