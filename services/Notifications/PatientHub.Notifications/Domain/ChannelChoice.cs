using PatientHub.Notifications.Contracts;

namespace PatientHub.Notifications.Domain;

/// <summary>R28, A11: the preferred channel, else text, else email. A18: a channel that failed for this step is left out.</summary>
public static class ChannelChoice
{
    public static Channel? Of(Channel? preferred, bool hasMobile, bool hasEmail, IReadOnlyCollection<Channel> failed)
    {
        var first = preferred ?? Channel.Sms;
        var second = first == Channel.Sms ? Channel.Email : Channel.Sms;
        if (IsOpen(first)) return first;
        return IsOpen(second) ? second : null;

        bool IsOpen(Channel channel) => (channel == Channel.Sms ? hasMobile : hasEmail) && !failed.Contains(channel);
    }
}
