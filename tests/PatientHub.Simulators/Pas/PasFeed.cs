using PatientHub.Appointments.Contracts.Http;
using PatientHub.Simulators.Pas.Seeds;

namespace PatientHub.Simulators.Pas;

/// <summary>
/// Feeds the hub with everything the hospital's system knows: sites, clinics, their settings, people, appointments, documents, in this order
/// (the hub takes any order; a clinic's settings come before its appointments because an appointment booked into an unknown clinic invites nobody, R1).
/// </summary>
public sealed class PasFeed(HubClient hub, PasRegister register, FeedBook feed, TimeProvider time)
{
    private readonly SemaphoreSlim one = new(1);

    /// <summary>Sends everything; true when the hub accepted all of it.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        await one.WaitAsync(cancellation);
        try
        {
            feed.Enter(FeedState.Feeding);
            var accepted = true;
            foreach (var group in Groups())
            {
                await Parallel.ForEachAsync(group, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellation }, async (send, token) =>
                {
                    if (!(await send(token)).Accepted)
                        accepted = false;
                });
            }

            feed.Enter(FeedState.Done, finished: time.GetUtcNow());
            return accepted;
        }
        finally
        {
            one.Release();
        }
    }

    private IEnumerable<IEnumerable<Func<CancellationToken, Task<FeedAnswer>>>> Groups()
    {
        yield return [.. Examples("Location"), .. TrustSeed.Sites.Select(site => Send(token => hub.PutAsync(FhirResources.Of(site, register.SeededAt), token)))];
        yield return
        [
            .. Examples("HealthcareService"),
            .. TrustSeed.Clinics.Where(clinic => !clinic.FromUkCore).Select(clinic => Send(token => hub.PutAsync(FhirResources.Of(clinic, register.SeededAt), token))),
        ];
        yield return
        [
            .. TrustSeed.Clinics.Where(clinic => clinic.Mode is not null).Select(clinic => Send(token => hub.PutSettingsAsync("clinics", clinic.Id, Settings(clinic), token))),
            .. TrustSeed.Sites.Select(site => Send(token => hub.PutSettingsAsync("sites", site.Id, new SiteSettings { DisplayName = site.Name, Parking = site.Parking, Directions = site.Directions }, token))),
            .. TrustSeed.UkCoreSites.Select(site =>
                Send(token => hub.PutSettingsAsync("sites", site.SiteId, new SiteSettings { DisplayName = site.DisplayName, Parking = site.Parking }, token))),
        ];
        yield return [.. Examples("Patient"), .. register.Patients.Select(patient => Send(token => hub.PutAsync(FhirResources.Of(patient), token)))];
        yield return
        [
            .. Examples("Appointment"),
            .. register.Appointments.Select(appointment => Send(token => hub.PutAsync(FhirResources.Of(appointment, PasRegister.Clinic(appointment.ClinicId)), token))),
        ];
        yield return
        [
            .. Examples("DocumentReference"),
            .. register.Documents.Select(document => Send(token => hub.PutAsync(FhirResources.Of(document, register.Patient(document.PatientId)!), token))),
        ];
    }

    private IEnumerable<Func<CancellationToken, Task<FeedAnswer>>> Examples(string type) =>
        UkCoreExamples.Of(type).Select(example => Send(token => hub.PutFhirAsync(example.Type, example.Id, example.Xml, "application/fhir+xml", token)));

    private static Func<CancellationToken, Task<FeedAnswer>> Send(Func<CancellationToken, Task<FeedAnswer>> send) => send;

    private ClinicSettings Settings(Clinic clinic) => new()
    {
        DisplayName = clinic.Name,
        Mode = clinic.Mode!.Value,
        ModeSince = register.SeededAt.AddDays(clinic.ModeInDays),
        Phone = clinic.Phone,
        PhoneHours = "Monday to Friday, 8am to 6pm",
        LetterSource = clinic.LetterSource,
        PostalNoticeDays = clinic.PostalNoticeDays,
        DeskConfigured = clinic.DeskConfigured,
        Preparation = clinic.Preparation,
    };
}
