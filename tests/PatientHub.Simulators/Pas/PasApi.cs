using System.Text;
using Hl7.Fhir.Serialization;
using PatientHub.Appointments.Contracts;

namespace PatientHub.Simulators.Pas;

/// <summary>
/// `/api/pas`: what a hospital's staff do in their own system, for tests and demonstrations. Each call changes the register and sends the resource to the hub
/// at once; the answer carries the hub's.
/// </summary>
internal static class PasApi
{
    internal sealed record Book(string PatientId, string ClinicId, DateTimeOffset Start, AppointmentMedium Medium = AppointmentMedium.FaceToFace, int Minutes = 20);

    internal sealed record Move(DateTimeOffset? Start, AppointmentMedium? Medium, string? SiteId, string? ClinicId);

    internal sealed record SetStatus(PasStatus Status);

    /// <summary>Null leaves it, empty removes it.</summary>
    internal sealed record Contact(string? Mobile, string? Email, string? Landline, string? Street, string? Postcode, bool? LettersOnly);

    internal sealed record Standing(bool? Deceased, bool? Restricted);

    internal sealed record Register(
        string Given, string Family, DateOnly Born, string? Mobile = null, string? Email = null, string? NhsNumber = null, string Gender = "female",
        string Street = "1 New Street", string Postcode = "LS1 9ZZ", bool LettersOnly = false, string? WrittenFormat = null);

    internal sealed record SendDocument(string PatientId, string? AppointmentId, string Title, string[] Paragraphs);

    /// <summary>What the PAS holds now, and the hub's answers.</summary>
    internal sealed record Outcome(string Id, IReadOnlyList<FeedAnswer> Answers);

    public static void MapPas(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/people", (PasRegister register) => PeopleView.All(register));
        app.MapGet("/api/clinics", () => PeopleView.Clinics);
        app.MapGet("/api/feed", (FeedBook feed) => feed.Report());

        var pas = app.MapGroup("/api/pas").AddEndpointFilter(async (invocation, next) =>
            invocation.HttpContext.RequestServices.GetRequiredService<SimulatorsOptions>().PasFhirBaseUrl is null
                ? Results.Problem("Pas:FhirBaseUrl is not set: there is no hub to tell.", statusCode: StatusCodes.Status409Conflict)
                : await next(invocation));
        pas.MapPost("/feed", async (PasFeed feed, FeedBook book, CancellationToken cancellation) =>
        {
            await feed.RunAsync(cancellation);
            return book.Report();
        });
        pas.MapPost("/patients", RegisterAsync);
        pas.MapPost("/patients/{id}/contact", ContactAsync);
        pas.MapPost("/patients/{id}/standing", StandingAsync);
        pas.MapPost("/appointments", BookAsync);
        pas.MapPost("/appointments/{id}/move", MoveAsync);
        pas.MapPost("/appointments/{id}/cancel", (string id, PasRegister register, HubClient hub, CancellationToken cancellation) =>
            StatusAsync(id, new SetStatus(PasStatus.Cancelled), register, hub, cancellation));
        pas.MapPost("/appointments/{id}/status", StatusAsync);
        pas.MapPost("/documents", DocumentAsync);
        // For a look at what is sent: GET /api/pas/fhir/Patient/P100101
        app.MapGet("/api/pas/fhir/{type}/{id}", Fhir);
    }

    private static async Task<IResult> RegisterAsync(Register request, PasRegister register, HubClient hub, CancellationToken cancellation)
    {
        var patient = register.Save(new PasPatient
        {
            Id = register.NextId('P'),
            Given = request.Given,
            Family = request.Family,
            Born = request.Born,
            Gender = request.Gender,
            NhsNumber = request.NhsNumber,
            Mobiles = request.Mobile is { Length: > 0 } mobile ? [new Mobile(mobile)] : [],
            Email = request.Email,
            Street = request.Street,
            Postcode = request.Postcode,
            LettersOnly = request.LettersOnly,
            WrittenFormat = request.WrittenFormat,
            Story = "Registered later",
        });
        return Results.Ok(new Outcome(patient.Id, [await hub.PutAsync(FhirResources.Of(patient), cancellation)]));
    }

    private static async Task<IResult> ContactAsync(string id, Contact request, PasRegister register, HubClient hub, CancellationToken cancellation)
    {
        if (register.Patient(id) is not { } patient)
            return Results.NotFound();
        var changed = register.Save(patient with
        {
            Mobiles = request.Mobile switch { null => patient.Mobiles, "" => [], var number => [new Mobile(number)] },
            Email = request.Email switch { null => patient.Email, "" => null, var email => email },
            Landline = request.Landline switch { null => patient.Landline, "" => null, var number => number },
            Street = request.Street ?? patient.Street,
            Postcode = request.Postcode ?? patient.Postcode,
            LettersOnly = request.LettersOnly ?? patient.LettersOnly,
        });
        return Results.Ok(new Outcome(id, [await hub.PutAsync(FhirResources.Of(changed), cancellation)]));
    }

    private static async Task<IResult> StandingAsync(string id, Standing request, PasRegister register, HubClient hub, TimeProvider time, CancellationToken cancellation)
    {
        if (register.Patient(id) is not { } patient)
            return Results.NotFound();
        var changed = register.Save(patient with
        {
            Deceased = request.Deceased switch { null => patient.Deceased, true => patient.Deceased ?? LondonDates.Today(time), false => null },
            Restricted = request.Restricted ?? patient.Restricted,
        });
        return Results.Ok(new Outcome(id, [await hub.PutAsync(FhirResources.Of(changed), cancellation)]));
    }

    private static async Task<IResult> BookAsync(Book request, PasRegister register, HubClient hub, TimeProvider time, CancellationToken cancellation)
    {
        if (register.Patient(request.PatientId) is null || PasRegister.FindClinic(request.ClinicId) is null)
            return Results.NotFound();
        var appointment = new PasAppointment
        {
            Id = register.NextId('A'),
            PatientId = request.PatientId,
            ClinicId = request.ClinicId,
            Start = request.Start,
            Medium = request.Medium,
            Minutes = request.Minutes,
            Created = LondonDates.Today(time),
        };
        return await SendAsync(appointment, register, hub, cancellation);
    }

    private static async Task<IResult> MoveAsync(string id, Move request, PasRegister register, HubClient hub, CancellationToken cancellation)
    {
        if (register.Appointment(id) is not { } appointment || (request.ClinicId is { } clinic && PasRegister.FindClinic(clinic) is null))
            return Results.NotFound();
        return await SendAsync(
            appointment with
            {
                Start = request.Start ?? appointment.Start,
                Medium = request.Medium ?? appointment.Medium,
                SiteId = request.SiteId ?? appointment.SiteId,
                ClinicId = request.ClinicId ?? appointment.ClinicId,
            },
            register, hub, cancellation);
    }

    private static async Task<IResult> StatusAsync(string id, SetStatus request, PasRegister register, HubClient hub, CancellationToken cancellation) =>
        register.Appointment(id) is { } appointment
            ? await SendAsync(appointment with { Status = request.Status }, register, hub, cancellation)
            : Results.NotFound();

    private static async Task<IResult> DocumentAsync(SendDocument request, PasRegister register, HubClient hub, TimeProvider time, CancellationToken cancellation)
    {
        if (register.Patient(request.PatientId) is not { } patient)
            return Results.NotFound();
        var document = register.Save(new PasDocument
        {
            Id = register.NextId('D'),
            PatientId = patient.Id,
            AppointmentId = request.AppointmentId,
            Title = request.Title,
            Paragraphs = request.Paragraphs,
            Date = time.GetUtcNow(),
        });
        return Results.Ok(new Outcome(document.Id, [await hub.PutAsync(FhirResources.Of(document, patient), cancellation)]));
    }

    private static async Task<IResult> SendAsync(PasAppointment appointment, PasRegister register, HubClient hub, CancellationToken cancellation)
    {
        var (saved, letter) = register.Save(appointment);
        var answers = new List<FeedAnswer> { await hub.PutAsync(FhirResources.Of(saved, PasRegister.Clinic(saved.ClinicId)), cancellation) };
        if (letter is not null)
            answers.Add(await hub.PutAsync(FhirResources.Of(letter, register.Patient(letter.PatientId)!), cancellation));
        return Results.Ok(new Outcome(saved.Id, answers));
    }

    private static IResult Fhir(string type, string id, PasRegister register)
    {
        if (UkCoreExamples.All.FirstOrDefault(example => example.Type == type && example.Id == id) is { } example)
            return Results.Bytes(example.Xml, "application/fhir+xml");
        Hl7.Fhir.Model.Resource? resource = type switch
        {
            "Patient" when register.Patient(id) is { } patient => FhirResources.Of(patient),
            "Appointment" when register.Appointment(id) is { } appointment => FhirResources.Of(appointment, PasRegister.Clinic(appointment.ClinicId)),
            "DocumentReference" when register.Documents.FirstOrDefault(document => document.Id == id) is { } document =>
                FhirResources.Of(document, register.Patient(document.PatientId)!),
            _ => null,
        };
        return resource is null ? Results.NotFound() : Results.Text(new FhirJsonSerializer().SerializeToString(resource), "application/fhir+json", Encoding.UTF8);
    }
}
