using UglyToad.PdfPig;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Tokens;

namespace PatientHub.PostalFallback.Clients;

/// <summary>Print houses take no file whose fonts are not in it: theirs would break lines elsewhere, and lack characters.</summary>
internal static class EmbeddedFonts
{
    private const int Deepest = 6; // forms within forms

    public static bool AreAllOf(PdfDocument document, Page page) => AreAll(document, Inherited(document, page.Dictionary), 0);

    private static bool AreAll(PdfDocument document, DictionaryToken? resources, int depth)
    {
        if (resources is null || depth > Deepest)
            return true;
        foreach (var font in Entries(document, resources, "Font"))
            if (!IsEmbedded(document, font))
                return false;
        foreach (var form in Entries(document, resources, "XObject"))
            if (!AreAll(document, Dictionary(document, form, "Resources"), depth + 1))
                return false;
        return true;
    }

    private static bool IsEmbedded(PdfDocument document, DictionaryToken font)
    {
        var kind = font.TryGet(NameToken.Create("Subtype"), out NameToken subtype) ? subtype.Data : "";
        if (kind == "Type3") // its glyphs are drawings in the file itself
            return true;
        if (kind == "Type0")
            return Resolve(document, font, "DescendantFonts") is ArrayToken { Length: > 0 } descendants && Follow(document, descendants.Data[0]) is DictionaryToken descendant && IsEmbedded(document, descendant);
        return Dictionary(document, font, "FontDescriptor") is { } descriptor
            && (descriptor.ContainsKey(NameToken.Create("FontFile")) || descriptor.ContainsKey(NameToken.Create("FontFile2")) || descriptor.ContainsKey(NameToken.Create("FontFile3")));
    }

    private static IEnumerable<DictionaryToken> Entries(PdfDocument document, DictionaryToken owner, string name) =>
        (Dictionary(document, owner, name)?.Data.Values ?? []).Select(entry => AsDictionary(Follow(document, entry))).OfType<DictionaryToken>();

    private static DictionaryToken? Inherited(PdfDocument document, DictionaryToken page)
    {
        var owner = page;
        for (var up = 0; owner is not null && up < 20; up++)
        {
            if (Dictionary(document, owner, "Resources") is { } resources)
                return resources;
            owner = Dictionary(document, owner, "Parent");
        }

        return null;
    }

    private static DictionaryToken? Dictionary(PdfDocument document, DictionaryToken owner, string name) => AsDictionary(Resolve(document, owner, name));

    private static DictionaryToken? AsDictionary(IToken? token) => token as DictionaryToken ?? (token as StreamToken)?.StreamDictionary;

    private static IToken? Resolve(PdfDocument document, DictionaryToken owner, string name) => owner.TryGet(NameToken.Create(name), out var token) ? Follow(document, token) : null;

    private static IToken? Follow(PdfDocument document, IToken? token)
    {
        for (var step = 0; token is IndirectReferenceToken reference && step < 10; step++)
            token = document.Structure.GetObject(reference.Data)?.Data;
        return token;
    }
}
