namespace PatientHub.Simulators.Pas;

/// <summary>The UK Core examples of `Data/fhir-ukcore`, byte for byte.</summary>
public static class UkCoreExamples
{
    private const string Prefix = "fhir-ukcore/";

    /// <summary>One example.</summary>
    /// <param name="Type">FHIR type.</param>
    /// <param name="Id">Its id.</param>
    /// <param name="Xml">The file's bytes.</param>
    public sealed record Example(string Type, string Id, byte[] Xml);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Example> All { get; } =
    [
        .. typeof(UkCoreExamples).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(".xml", StringComparison.Ordinal))
            .Select(name =>
            {
                var id = name[Prefix.Length..^".xml".Length]; // the file is named after its id, which starts with UKCore-<type>-
                using var stream = typeof(UkCoreExamples).Assembly.GetManifestResourceStream(name)!;
                using var bytes = new MemoryStream();
                stream.CopyTo(bytes);
                return new Example(id.Split('-')[1], id, bytes.ToArray());
            }),
    ];

    /// <summary>Those of one type.</summary>
    public static IEnumerable<Example> Of(string type) => All.Where(example => example.Type == type);
}
