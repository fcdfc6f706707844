using PatientHub.Appointments.Contracts;
using PatientHub.Messaging;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Domain;

namespace PatientHub.Notifications.Workers;

/// <summary>A step ends without a message. That is the worst silence, so others hear of it: post at once (A18), and a phone call where post would come too late (A23).</summary>
internal static class StepEnd
{
    private static readonly TimeSpan NearForPost = TimeSpan.FromDays(7);

    /// <param name="messages">What was tried for this step.</param>
    public static void Close(JourneyStep step, StepState state, string reason, IReadOnlyList<Message> messages, Look look, IOutbox outbox, DateTimeOffset now)
    {
        // A channel that failed only for now (switched off, mailbox full) is no reason to post earlier: the ladder goes on.
        var failedForNow = messages.Any(m => m is { Status: MessageStatus.Failed, FailedForGood: false });
        step.Close(state, state == StepState.Undeliverable && failedForNow ? StopReasons.FailedForNow : reason);

        var noMessage = (state == StepState.Undeliverable && !failedForNow) || reason == StopReasons.LettersOnly;
        // Nothing is lost with these: whoever cannot be reached has the letter, or gets it.
        // A31: there is a task for that already.
        var needsNobody = step.Kind is JourneyKind.Posted or JourneyKind.ContactsEnd || (step.Kind == JourneyKind.AppointmentReminder && messages.Count == 0);
        if (noMessage && !needsNobody)
        {
            outbox.Add(new NotificationUndeliverable
            {
                PatientId = step.PatientId,
                Channel = null,
                ContactFailed = false,
                AllChannelsFailed = true,
                LetterId = step.LetterId,
                AppointmentId = step.AppointmentId,
                Revision = step.Revision,
                OccurredAt = now,
            });
        }

        var untold = state == StepState.Undeliverable || reason is StopReasons.LettersOnly or StopReasons.OptedOut;
        if (step.IsHospitalNews && untold && (look.Start(step) <= now + NearForPost || step.PreviousStart <= now + NearForPost))
        {
            outbox.Add(new RaiseTask
            {
                TaskId = step.Id,
                Code = TaskCodes.TelephonePatient,
                PatientId = step.PatientId,
                AppointmentId = step.AppointmentId,
                Note = step.Kind == JourneyKind.Moved
                    ? "The appointment was moved and no message could be sent; post would come too late. Phone the patient."
                    : "The appointment was cancelled and no message could be sent; post would come too late. Phone the patient.",
                OccurredAt = now,
            });
        }
    }
}
