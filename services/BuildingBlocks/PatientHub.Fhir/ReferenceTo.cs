using System.Diagnostics.CodeAnalysis;
using Hl7.Fhir.Model;

namespace PatientHub.Fhir;

/// <summary>Reads the id out of a literal reference: <c>Patient/7</c>, <c>https://pas.example/fhir/Patient/7</c>, either with <c>/_history/2</c> behind.</summary>
public static class ReferenceTo
{
    public static bool TryGet(ResourceReference? reference, string resourceType, [NotNullWhen(true)] out string? id)
    {
        id = null;
        if (reference?.Reference is not { Length: > 0 } text) return false;
        var parts = text.Split('/');
        var end = parts.Length >= 4 && parts[^2] == "_history" ? parts.Length - 2 : parts.Length;
        if (end < 2 || parts[end - 2] != resourceType || parts[end - 1].Length is 0 or > 64) return false;
        id = parts[end - 1];
        return true;
    }
}
