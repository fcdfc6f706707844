using PatientHub.Appointments.Contracts;
using PatientHub.Letters.Contracts;
using PatientHub.Notifications.Contracts;
using PatientHub.PostalFallback.Tests.Support;
using PatientHub.Testing;

namespace PatientHub.PostalFallback.Tests;

/// <summary>What a campaign brings comes in batches: bookings, letters and invitations of the same patients, on three queues and in no order.</summary>
public sealed class CampaignTests(Servers servers) : IAsyncLifetime
{
    private const int Patients = 20;
    private Post _post = null!;

    public async ValueTask InitializeAsync() => _post = await Post.StartAsync(servers, working: false);

    public ValueTask DisposeAsync() => _post.DisposeAsync();

    [Fact] // R2, R3, A1
    public async Task Facts_that_come_together_and_twice_promise_each_letter_once()
    {
        var facts = new List<Func<Task>>();
        var letters = new List<LetterReady>();
        for (var number = 0; number < Patients; number++)
        {
            var patient = Guid.CreateVersion7();
            for (var of = 0; of < 3; of++)
            {
                var booked = new AppointmentBooked { Appointment = Post.Appointment(patient), OccurredAt = DateTimeOffset.UtcNow };
                var letter = _post.Letter(booked.Appointment);
                var invited = new InvitationSent
                {
                    LetterId = letter.LetterId,
                    LetterVersion = 1,
                    PatientId = patient,
                    AppointmentId = letter.AppointmentId,
                    Revision = letter.Revision,
                    OccurredAt = DateTimeOffset.UtcNow,
                };
                letters.Add(letter);
                facts.AddRange([() => _post.PublishAsync(booked), () => _post.PublishAsync(letter), () => _post.PublishAsync(invited), () => _post.PublishAsync(booked), () => _post.PublishAsync(letter)]);
            }
        }

        var order = facts.ToArray();
        new Random(7).Shuffle(order);
        await Task.WhenAll(order.Select(publish => publish()));

        await Eventually.True(async () => await _post.CountAsync("select count(*) from deadline where state = 'Waiting' and letter_id is not null and reason = 'Invitation'") == letters.Count,
            "a letter is not promised as its invitation says");
        await Eventually.True(async () => await _post.CountAsync("select count(*) from inbox_message where endpoint in ('postal.appointment-booked', 'postal.letter-ready', 'postal.invitation-sent')") == facts.Count, "a repeat was never taken");
        (await _post.CountAsync("select count(*) from deadline")).ShouldBe(letters.Count);
        (await _post.CountAsync("select count(*) from patient")).ShouldBe(Patients);
    }
}
