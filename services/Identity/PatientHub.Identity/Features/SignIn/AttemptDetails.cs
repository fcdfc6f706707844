using System.Text.Json;
using PatientHub.Identity.Domain;
using PatientHub.Identity.Persistence;

namespace PatientHub.Identity.Features.SignIn;

/// <summary>What was typed, sealed inside the attempt (A13: nobody has to type it again).</summary>
/// <param name="Language">That the pages are read in; null when none was named.</param>
public sealed record AttemptDetails(TypedIdentifier Identifier, DateOnly DateOfBirth, string? LinkToken, string? Language = null)
{
    public byte[] Seal(CodeKeys keys, string attemptId) => keys.Seal(JsonSerializer.SerializeToUtf8Bytes(this), "attempt:" + attemptId);

    public static AttemptDetails Open(CodeKeys keys, string attemptId, byte[] blob) => JsonSerializer.Deserialize<AttemptDetails>(keys.Open(blob, "attempt:" + attemptId))!;
}

/// <summary>Which records one proven code opens (A14), and where it went; sealed beside the code, and in the attempt while the UVC is asked for.</summary>
public sealed record OpenedRecords(IReadOnlyList<Guid> PatientIds, CodeDestination? Destination)
{
    public static OpenedRecords None { get; } = new([], null);

    public byte[] Seal(CodeKeys keys, string attemptId) => keys.Seal(JsonSerializer.SerializeToUtf8Bytes(this), "opens:" + attemptId);

    public static OpenedRecords Open(CodeKeys keys, string attemptId, byte[] blob) => JsonSerializer.Deserialize<OpenedRecords>(keys.Open(blob, "opens:" + attemptId))!;
}

/// <summary>The sealed copy for the one pick-up. Without a destination it is a decoy: an unknown pair costs the same work (A19), and its pick-up is answered as a late one.</summary>
public sealed record PickUp(string? Code, string? Uvc, string? FirstName, CodeDestination? Destination, string? FallbackEmail, DateTimeOffset ExpiresAt, IReadOnlyList<string>? Languages = null)
{
    public byte[] Seal(CodeKeys keys, Guid codeId) => keys.Seal(JsonSerializer.SerializeToUtf8Bytes(this), "pickup:" + codeId);

    public static PickUp Open(CodeKeys keys, Guid codeId, byte[] blob) => JsonSerializer.Deserialize<PickUp>(keys.Open(blob, "pickup:" + codeId))!;
}
