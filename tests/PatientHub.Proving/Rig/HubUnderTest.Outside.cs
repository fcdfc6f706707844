using System.Net.Http.Json;
using System.Text.Json;

namespace PatientHub.Proving.Rig;

/// <summary>The simulated outside world: what reached it, and how it behaves.</summary>
public sealed partial class HubUnderTest
{
    /// <summary>Messages to a number or an address, oldest first.</summary>
    public async Task<IReadOnlyList<SeenMessage>> MessagesAsync(string to) =>
        [.. (await Simulators.GetFromJsonAsync<List<SeenMessage>>($"/api/messages?to={Uri.EscapeDataString(to)}", JsonSerializerOptions.Web))!.OrderBy(message => message.CreatedAt)];

    /// <summary>Scripts a number, an address, <c>texts</c> or <c>emails</c>: the words are the simulators' (Behaviour/Behaves.cs).</summary>
    /// <param name="times">For so many requests; null: until <see cref="BehaveWellAsync"/>.</param>
    /// <param name="slowness">How long the provider takes to answer.</param>
    public async Task BehaveAsync(string destination, string behaves, int? times = null, TimeSpan slowness = default)
    {
        using var set = await Simulators.PutAsJsonAsync($"/api/behaviour/{Uri.EscapeDataString(destination)}", new { behaves, times, slowness });
        set.EnsureSuccessStatusCode();
    }

    /// <summary>The providers behave well again: one destination, or all.</summary>
    public async Task BehaveWellAsync(string? destination = null)
    {
        using var cleared = await Simulators.DeleteAsync($"/api/behaviour/{(destination is null ? "" : Uri.EscapeDataString(destination))}");
        cleared.EnsureSuccessStatusCode();
    }
}
