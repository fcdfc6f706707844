using PatientHub.Simulators.Messages;
using PatientHub.Simulators.Pas;

namespace PatientHub.Simulators.Pages;

/// <summary>One phone or mailbox, with whoever it belongs to.</summary>
/// <param name="Destination">Number or address.</param>
/// <param name="Owners">The trust's patients with this number or address.</param>
/// <param name="Messages">Newest first.</param>
/// <param name="Total">How many there are in all.</param>
public sealed record Conversation(string Destination, IReadOnlyList<PersonView> Owners, IReadOnlyList<ReceivedMessage> Messages, int Total)
{
    /// <summary>As people write it: `07700 900101`.</summary>
    public string Written => Write(Destination);

    /// <summary>A mailbox, not a phone.</summary>
    public bool IsMailbox => Destination.Contains('@');

    /// <summary>`+447700900101` as `07700 900101`; anything else as it is.</summary>
    public static string Write(string destination) =>
        destination.Length == 13 && destination.StartsWith("+447", StringComparison.Ordinal) ? $"0{destination[3..7]} {destination[7..]}" : destination;

    /// <summary>Address of its page.</summary>
    public static string PageOf(string destination) => "/phone/" + Uri.EscapeDataString(destination);
}
