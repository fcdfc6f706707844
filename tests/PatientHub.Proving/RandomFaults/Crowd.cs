using PatientHub.Proving.Actors;
using PatientHub.Proving.Scenarios;

namespace PatientHub.Proving.RandomFaults;

/// <summary>
/// What goes on while things go wrong: the hospital feeds appointments, moves some and cancels some; patients sign in, read, decide, change their minds, opt out; the desk works its
/// tasks off. What each of them does, and when, is out of the seed.
/// </summary>
internal sealed class Crowd(Scene scene, int appointments, int patients, TimeSpan time)
{
    private const int BookingsOfOne = 2;
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan DeskPause = TimeSpan.FromSeconds(30);

    private int _signedIn;

    public int SignedIn => _signedIn;

    public async Task RunAsync(CancellationToken over)
    {
        var people = Enumerable.Range(0, (appointments + BookingsOfOne - 1) / BookingsOfOne).Select(_ => scene.NewPerson()).Select(person => (Person: person, Bookings: Enumerable.Range(1, BookingsOfOne).Select(which => scene.NewBooking(person, which)).ToArray())).ToList();
        // Everybody's moments and choices are drawn before anything runs: the order in which things happen cannot change them.
        var fed = people.Select(one => FeedAsync(one.Person, one.Bookings, time * 0.9 * scene.Random.NextDouble(), new Random(scene.Random.Next()), over)).ToList();
        var online = people.Zip(fed).Take(patients).Select(one => BeOnlineAsync(one.First.Person, one.First.Bookings, one.Second, new Random(scene.Random.Next()), over)).ToList();
        await Task.WhenAll([.. fed, .. online, DeskAsync(over)]);
    }

    private async Task FeedAsync(PasPerson person, PasBooking[] bookings, TimeSpan at, Random random, CancellationToken over)
    {
        await Pause(at, over);
        await scene.Pas.SendAsync(person, CancellationToken.None);
        foreach (var booking in bookings)
            await scene.Pas.SendAsync(booking, CancellationToken.None);
        var (changed, what) = (bookings[0], random.Next(20));
        if (what > 2)
            return;
        await Pause(time * 0.3 * random.NextDouble(), over);
        changed = what == 0 ? changed with { Status = "cancelled", LastUpdated = scene.Pas.Stamp() } : changed with { Start = changed.Start.AddDays(7), LastUpdated = scene.Pas.Stamp() };
        await scene.Pas.SendAsync(changed, CancellationToken.None);
    }

    private async Task BeOnlineAsync(PasPerson person, PasBooking[] bookings, Task fed, Random random, CancellationToken over)
    {
        await Task.WhenAny(fed, Task.Delay(Timeout.Infinite, over).ContinueWith(_ => { }, TaskScheduler.Default));
        await Pause(TimeSpan.FromSeconds(60 * random.NextDouble()), over);
        var patient = scene.Online(person);
        while (!over.IsCancellationRequested && !await patient.SignInAsync())
            await Pause(PauseAfterFailure, over);
        if (!patient.SignedIn)
            return;
        Interlocked.Increment(ref _signedIn);
        await patient.HomeAsync();
        foreach (var booking in bookings)
        {
            switch (random.Next(6))
            {
                case 0 or 1:
                    await UntilTakenAsync(patient, () => patient.AcceptAsync(booking), over);
                    break;
                case 2:
                    await UntilTakenAsync(patient, () => patient.RebookAsync(booking), over);
                    break;
                case 3:
                    await UntilTakenAsync(patient, () => patient.CancelAsync(booking), over);
                    break;
                case 4:
                    await UntilTakenAsync(patient, () => patient.RebookAsync(booking), over);
                    await UntilTakenAsync(patient, () => patient.WithdrawAsync(booking), over);
                    break;
                default:
                    await patient.ReadLetterAsync(booking);
                    break;
            }
        }

        if (random.Next(20) == 0)
            await patient.OptAsync(optedOut: true);
        if (random.Next(2) == 0)
            await patient.SignOutAsync();
    }

    /// <summary>Presses again while the answer is that something is down, signs in again when the session is gone, as a patient would.</summary>
    private static async Task UntilTakenAsync(PatientOnline patient, Func<Task<int?>> decide, CancellationToken over)
    {
        for (var tries = 0; tries < 10 && !over.IsCancellationRequested; tries++)
        {
            var status = await decide();
            if (status is 204 or 400 or 409 or 422)
                return;
            await Pause(PauseAfterFailure, over);
            if (status == 401)
                await patient.SignInAsync();
        }
    }

    private async Task DeskAsync(CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await Pause(DeskPause, over);
            await scene.Desk.WorkOffAsync("rebook", outcome: "kept");
        }
    }

    private static async Task Pause(TimeSpan time, CancellationToken over) => await Task.Delay(time, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
