using System.Text;
using System.Text.Json;
using AngleSharp.Dom;
using Microsoft.AspNetCore.Http;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Contracts.Http;
using PatientHub.PostalFallback.Contracts.Http;
using PatientHub.Simulators;
using PatientHub.Testing;

namespace PatientHub.Gateway.Tests.Support;

/// <summary>The gateway with a desk: the hospital's sign-in is the simulators' real provider, the tasks are a stub's.</summary>
public class DeskFixture(RedisServer redis) : GatewayFixture(redis)
{
    private RunningSimulators? _outside;

    public static readonly Guid TaskId = Guid.Parse("0198c0de-0000-7000-8000-00000000d35c");
    public static readonly Guid PatientId = Guid.Parse("0f000000-0000-8000-8000-00000000d35c");
    public static readonly Guid ClinicId = Guid.Parse("0f000000-0000-8000-8000-0000000000c1");

    /// <summary>The one task that everybody sees.</summary>
    public DeskTaskDetails Task { get; set; } = Fresh;

    protected override TimeProvider Clock => TimeProvider.System;

    protected override IEnumerable<(string Name, string Value)> Settings =>
        [("Staff:Authority", _outside!.BaseAddress.ToString()), ("Staff:ClientId", "patienthub-desk"), ("Staff:ClientSecret", "desk-secret")];

    public static DeskTaskDetails Fresh => new()
    {
        Task = new DeskTaskLine
        {
            TaskId = TaskId,
            Code = TaskCodes.Rebook,
            Status = "requested",
            Alarmed = false,
            Overdue = true,
            PatientId = PatientId,
            Start = new DateTimeOffset(2026, 12, 7, 10, 30, 0, TimeSpan.Zero),
            ClinicName = "Fracture clinic",
            RaisedAt = new DateTimeOffset(2026, 11, 24, 9, 5, 0, TimeSpan.Zero),
            CallBackBy = new DateOnly(2026, 11, 26),
            Mine = false,
            Version = 1,
        },
        Note = "The patient asks for another time.",
        AppointmentSourceId = "A100101",
        AppointmentId = Samples.AppointmentId,
        PasStatus = PasStatus.Booked,
        UnsuitableTimes = "Not on Mondays\nnot before ten",
        HowToReach = "By phone, after 5pm",
        Calls = [],
        Outcomes = ["done", "kept", "not-reached"],
        CallsMade = false,
    };

    public StaffPatient Patient { get; set; } = new()
    {
        PatientId = PatientId,
        FullName = "Miss Zora Quillfeather",
        BirthDate = new DateOnly(1984, 3, 15),
        NhsNumber = "999 123 4567",
        SourceId = "P100101",
        Mobiles = [new StaffContact("+447700900123", "used"), new StaffContact("+447700900124", "failed")],
        Emails = [new StaffContact("zora.quillfeather.with.a.long.address@department.example.org", "doubtful")],
        Address = ["Miss Zora Quillfeather", "12 High Street", "Leeds", "LS9 7TF"],
        Language = "en",
        ThroughParent = false,
        Deceased = false,
        Restricted = false,
        MaySignIn = true,
        LettersOnlyByStaff = false,
        LettersOnlyByPas = false,
        CodesByEmail = false,
    };

    private static StaffHistory History => new()
    {
        Preferences = new Preferences { PreferredChannel = Channel.Sms },
        Messages =
        [
            new StaffMessage
            {
                Kind = "Invitation", Step = 1, Channel = Channel.Sms, Body = "Zora, you have not opened your letter: https://hub.example/p/…", CreatedAt = DateTimeOffset.UtcNow,
                Attempts = [new StaffAttempt(DateTimeOffset.UtcNow, "Delivered", DateTimeOffset.UtcNow, null)],
            },
            new StaffMessage
            {
                Kind = "Invitation", Step = 0, Channel = Channel.Email, Subject = "There is a letter for you", Body = "Zora, there is a letter for you: https://hub.example/p/…", CreatedAt = DateTimeOffset.UtcNow.AddDays(-1),
                Attempts = [new StaffAttempt(DateTimeOffset.UtcNow, "Failed", DateTimeOffset.UtcNow, "30006")], NotSentBecause = "undeliverable",
            },
        ],
        Texts = [new PatientText { ReceivedAt = DateTimeOffset.UtcNow, Body = "Where is the fracture clinic?", Answered = true }],
    };

    public override async ValueTask InitializeAsync()
    {
        _outside = await RunningSimulators.StartAsync(("Staff:ClientSecret", "desk-secret"));
        await base.InitializeAsync();
        Appointments.On("PUT /internal/desk/acts/*", () => Results.NoContent());
        Appointments.On("GET /internal/desk/tasks", () => Results.Json(new DeskTaskPage { Tasks = [Task.Task], Total = 1, Page = 1, Pages = 1, Kinds = [new DeskFilter(TaskCodes.Rebook, TaskCodes.Rebook, 1)], Clinics = [new DeskFilter(ClinicId.ToString(), "Fracture clinic", 1)] }));
        Appointments.On($"GET /internal/desk/tasks/{TaskId}", http => System.Threading.Tasks.Task.FromResult(Results.Json(Task with { Task = Task.Task with { Mine = Task.Task.ClaimedBy == NameOf(http) } })));
        Appointments.On($"POST /internal/desk/tasks/{TaskId}/claim", http =>
        {
            var name = NameOf(http);
            if (Task.Task.Status == "in-progress" && Task.Task.ClaimedBy != name)
                return System.Threading.Tasks.Task.FromResult(Results.Json(new { code = "claimed", by = Task.Task.ClaimedBy }, statusCode: 409));
            Task = Task with { Task = Task.Task with { Status = "in-progress", ClaimedBy = name, Version = Task.Task.Version + 1 } };
            return System.Threading.Tasks.Task.FromResult(Results.NoContent());
        });
        Appointments.On($"POST /internal/desk/tasks/{TaskId}/release", () => Set(Task.Task with { Status = "requested", ClaimedBy = null }));
        Appointments.On($"POST /internal/desk/tasks/{TaskId}/close", () => Set(Task.Task with { Status = "completed" }));
        Identity.On($"POST /internal/desk/patients/{PatientId}/read", () => Results.Json(Patient));
        Identity.On("POST /internal/desk/patients/find", () => Results.Json(new[] { new FoundPatient { PatientId = PatientId, FullName = "Miss Zora Quillfeather", BirthDate = new DateOnly(1984, 3, 15), Postcode = "LS9 7TF" } }));
        Identity.On($"POST /internal/desk/patients/{PatientId}/acts", () => Results.NoContent());
        Identity.On($"POST /internal/desk/patients/{PatientId}/quarantine/read", () => Results.Json(new StaffQuarantine
        {
            Reason = "new-nhs-number",
            TaskId = TaskId,
            ReceivedAt = DateTimeOffset.UtcNow,
            Known = new RecordIdentity("Miss Zora Quillfeather", new DateOnly(1984, 3, 15), "999 123 4567", "LS9 7TF"),
            Sent = new RecordIdentity("Miss Zora Quillfeather", new DateOnly(1984, 3, 15), "999 054 8609", "LS9 7TF"),
        }));
        Identity.On($"POST /internal/desk/patients/{PatientId}/quarantine/decide", () => Results.NoContent());
        Identity.On("GET /internal/desk/feed-stops", () => Results.Json(new[] { new StoppedFeed { SourceSystem = "pas", StoppedAt = DateTimeOffset.UtcNow, Changes = 501 } }));
        Identity.On("POST /internal/desk/feed-stops/pas/release", () => Results.NoContent());
        Notifications.On($"POST /internal/desk/patients/{PatientId}/history", () => Results.Json(History));
        Notifications.On($"POST /internal/desk/patients/{PatientId}/opted-out", () => Results.NoContent());
        Postal.On($"GET /internal/desk/patients/{PatientId}/post", () => Results.Json(new[]
        {
            new StaffPostLine { LetterId = Samples.LetterId, LetterVersion = 1, Start = Fresh.Task.Start, State = "Waiting", Reason = "Invitation", DueAt = DateTimeOffset.UtcNow.AddDays(2), CreatedAt = DateTimeOffset.UtcNow },
            new StaffPostLine { State = "Posted", Reason = "OptedOut", DueAt = DateTimeOffset.UtcNow, PostedAt = DateTimeOffset.UtcNow, CreatedAt = DateTimeOffset.UtcNow.AddDays(-9) },
        }));
        Postal.On($"POST /internal/desk/patients/{PatientId}/letters/{Samples.LetterId}/post", () => Results.Json(new PostStanding { Progress = PostProgress.Waiting, Requested = true, CanRequest = false }));
        Appointments.On("GET /internal/desk/acts", () => Results.Json(new[]
        {
            new StaffActLine { ActId = Guid.NewGuid(), By = "Priya Shah", Act = StaffActs.OptOut, Why = "asked on the phone", At = DateTimeOffset.UtcNow, Done = true, PatientId = PatientId },
            new StaffActLine { ActId = Guid.NewGuid(), By = "Tom Fletcher", Act = StaffActs.PostNow, At = DateTimeOffset.UtcNow, Done = false, PatientId = PatientId, TaskId = TaskId },
        }));
        Appointments.On($"POST /internal/desk/tasks/{TaskId}/calls", async http =>
        {
            var call = (await http.Request.ReadFromJsonAsync<NoteCall>())!;
            Task = Task with { Calls = [.. Task.Calls, new DeskCall(NameOf(http), DateTimeOffset.UtcNow, call.Note)] };
            return Results.NoContent();
        });
    }

    /// <summary>A browser in which this person has signed in at the desk.</summary>
    public async Task<Browser> SignInAsync(string staffId)
    {
        var browser = NewBrowser();
        await SignInAsync(browser, staffId, "/staff/tasks");
        return browser;
    }

    /// <summary>Asks for a page of the desk, chooses the person at the hospital's sign-in, and comes back.</summary>
    public async Task<Page> SignInAsync(Browser browser, string staffId, string path)
    {
        var choice = await browser.OpenAsync(path);
        choice.Heading.ShouldBe("Hospital sign-in", choice.Main);
        var fields = choice.Document.QuerySelectorAll("form input[type=hidden]").Select(input => (input.GetAttribute("name")!, input.GetAttribute("value") ?? ""));
        return await browser.FollowAsync(await browser.PostAsync(new Uri(_outside!.BaseAddress, "/staff/authorize").ToString(), [.. fields, ("staff", staffId)]));
    }

    public override string ToString() => nameof(DeskFixture);

    private IResult Set(DeskTaskLine line)
    {
        Task = Task with { Task = line with { Version = line.Version + 1 } };
        return Results.NoContent();
    }

    /// <summary>Who calls, as the token says.</summary>
    public static string NameOf(HttpContext http) => Claims(http.Request.Headers.Authorization.ToString()).GetProperty("staff_name").GetString()!;

    public static JsonElement Claims(string authorization)
    {
        var part = authorization["Bearer ".Length..].Split('.')[1].Replace('-', '+').Replace('_', '/');
        return JsonDocument.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(part.PadRight(part.Length + ((4 - (part.Length % 4)) % 4), '=')))).RootElement;
    }
}
