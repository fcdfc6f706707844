using System.Text.Json.Nodes;
using PatientHub.Proving.Books;
using PatientHub.Proving.Rig;

namespace PatientHub.Proving.Actors;

/// <summary>The hospital's own system: sends patients and appointments over the machines' door, and again until the hub has answered for good. Every request is in the ledger.</summary>
public sealed class HospitalFeed(HubUnderTest hub, Ledger ledger) : IDisposable
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(3);

    private readonly MachineClient _pas = new(hub, "pas", "fhir.write");
    private readonly Lock _gate = new();
    private DateTimeOffset _lastStamp;

    /// <summary>How often one resource is sent before the feed goes on without it; the last answer stands in the ledger.</summary>
    public int Tries { get; init; } = 60;

    /// <summary>A time of change that is later than every earlier one: the hub orders versions by it.</summary>
    public DateTimeOffset Stamp()
    {
        lock (_gate)
        {
            var now = DateTimeOffset.UtcNow;
            now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
            return _lastStamp = now > _lastStamp ? now : _lastStamp.AddMilliseconds(1);
        }
    }

    /// <summary>The status of the last answer; null: none.</summary>
    public Task<int?> SendAsync(PasPerson person, CancellationToken ct = default) => SendAsync(
        $"fhir/Patient/{person.SourceId}", person.ToFhir(),
        answer => new PatientFed(answer.AskedAt, answer.AnsweredAt, answer.Status, person.SourceId, person.LastUpdated, person.Mobile, person.Email, person.Born, person.Deceased is not null || person.Restricted), ct);

    /// <summary>The status of the last answer; null: none.</summary>
    public Task<int?> SendAsync(PasBooking booking, CancellationToken ct = default) => SendAsync(
        $"fhir/Appointment/{booking.SourceId}", booking.ToFhir(),
        answer => new AppointmentFed(
            answer.AskedAt, answer.AnsweredAt, answer.Status, booking.SourceId, booking.LastUpdated, booking.PatientSourceId, booking.Clinic.SourceId, booking.Start, booking.Status), ct);

    /// <summary>Each person and then their appointments, so many people at a time.</summary>
    public Task SendAllAsync(IEnumerable<(PasPerson Person, PasBooking[] Bookings)> all, int atOnce = 4, CancellationToken ct = default) =>
        Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = ct }, async (one, stop) =>
        {
            await SendAsync(one.Person, stop);
            foreach (var booking in one.Bookings)
            {
                await SendAsync(booking, stop);
            }
        });

    public void Dispose() => _pas.Dispose();

    private async Task<int?> SendAsync(string path, JsonNode body, Func<MachineAnswer, LedgerEntry> entry, CancellationToken ct)
    {
        for (var tried = 1; ; tried++)
        {
            var answer = await _pas.SendAsync(HttpMethod.Put, path, body, "application/fhir+json", ct: ct);
            if (answer is not null)
            {
                ledger.Add(entry(answer));
                if (answer.Status is { } status and not (401 or 429 or >= 500))
                {
                    return status;
                }
            }
            if (tried == Tries)
            {
                return answer?.Status;
            }
            var pause = TimeSpan.FromMilliseconds(100 * tried);
            await Task.Delay(pause < LongestPause ? pause : LongestPause, ct);
        }
    }
}
