namespace PatientHub.Letters.Domain;

/// <summary>The templates that ship with the service: the title, a line of three dashes, the body.</summary>
public static class EmbeddedTemplates
{
    public static (string Title, string Body)? Find(string key)
    {
        using var stream = typeof(EmbeddedTemplates).Assembly.GetManifestResourceStream($"templates/{key}.hbs");
        if (stream is null) return null;
        using var reader = new StreamReader(stream);
        var parts = reader.ReadToEnd().Split("\n---\n", 2);
        return (parts[0], parts[1]);
    }
}
