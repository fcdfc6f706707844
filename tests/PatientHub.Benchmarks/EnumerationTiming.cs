using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using PatientHub.AppHost.Local.Servers;
using PatientHub.Benchmarks.Frame;
using PatientHub.Benchmarks.WholeSystem;

namespace PatientHub.Benchmarks;

/// <summary>
/// A19: can an answer tell a known pair of identifier and date of birth from an unknown one? As a stranger sees it: through the gateway of the whole system, which sends
/// the known ones their codes meanwhile. Starts a sign-in and tries one wrong code, for known and unknown pairs in random order; compares status, headers and bytes,
/// and the time. AUC is the chance that a known pair's answer is the slower one: 0.5 tells nothing, 1 or 0 tells everything.
/// </summary>
internal static partial class EnumerationTiming
{
    private const int WarmUp = 100;

    // SIGSTOP and SIGCONT.
    private const int Stop = 19;
    private const int Continue = 18;

    public static async Task RunAsync(Options options, Report report)
    {
        var pairs = options.Number("pairs", 2000);
        // The budget of wrong codes would slow everybody down, known or not, and hide what is measured.
        await using var hub = await RunningHub.StartAsync(new(GatewayThroughput.RoomyLimits) { ["Codes__WrongTriesPerHour"] = "1000000" });
        await using var patients = await Patients.OfAsync(hub);
        Console.WriteLine($"Feeding {pairs + WarmUp} patients; load {Machine.Load}");
        await patients.FeedAsync(pairs + WarmUp);

        var visitor = new Browser(hub.Gateway);
        await visitor.OpenAsync("/sign-in");
        var (start, verify, different) = (new Samples(), new Samples(), 0);
        // On one machine the sending of a real code takes the processor from the next answer; elsewhere it happens on another.
        var sends = options.Number("sends", 1) == 1;
        var notifications = hub.Ready.Resources["notifications"].ProcessId!.Value;
        if (!sends) Signals.Send(notifications, Stop);
        Console.WriteLine("Measuring");
        for (var i = 0; i < pairs + WarmUp; i++)
        {
            var answers = new Dictionary<bool, string>();
            foreach (var known in Random.Shared.Next(2) == 0 ? (bool[])[true, false] : [false, true])
            {
                var browser = visitor.Copy();
                var clock = Stopwatch.StartNew();
                using var started = await browser.PostAsync("/sign-in", new()
                {
                    ["Identifier"] = known ? Patients.Email(i) : $"nobod{i:D5}@example.org",
                    ["Day"] = "31",
                    ["Month"] = "3",
                    ["Year"] = "1980",
                });
                var afterStart = clock.Elapsed;
                clock.Restart();
                using var tried = await browser.PostAsync("/sign-in/code", new() { ["Code"] = "000000" });
                var afterVerify = clock.Elapsed;
                answers[known] = await SeenAsync(started) + await SeenAsync(tried);
                if (i < WarmUp) continue;
                start.Add(known, afterStart);
                verify.Add(known, afterVerify);
            }

            if (i == 0) Console.WriteLine(answers[true].Split("<!DOCTYPE")[0]);
            if (answers[true] == answers[false]) continue;
            if (different++ < 3) Console.WriteLine($"pair {i} differs: {FirstDifference(answers[true], answers[false])}");
        }

        if (!sends) Signals.Send(notifications, Continue);
        Console.WriteLine($"start  {start}");
        Console.WriteLine($"verify {verify}");
        Console.WriteLine($"{different} pairs with different answers");
        report.Add("Can a stranger tell known from unknown details (A19)? AUC of the time, 0.5 tells nothing (bar 0.47 to 0.53)", string.Create(CultureInfo.InvariantCulture,
            $"AUC {start.Auc():F3} at the start of a sign-in, {verify.Auc():F3} at a wrong code; status, headers and bytes different in {different} of {pairs + WarmUp} pairs{(sends ? "" : "; no code is sent meanwhile")}"),
            $"enumeration --pairs {pairs}{(sends ? "" : " --sends 0")}");
    }

    /// <summary>All that comes over the wire, without what is random or a clock's: those count by their length.</summary>
    private static async Task<string> SeenAsync(HttpResponseMessage answer)
    {
        var headers = answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key != "Date").Select(header => $"{header.Key}: {string.Join(", ", header.Value)}");
        var text = $"{answer.StatusCode}\n{string.Join('\n', headers)}\n\n{await answer.Content.ReadAsStringAsync()}\n";
        return Clock().Replace(Varying().Replace(text, match => match.Groups[1].Value + new string('a', match.Groups[2].Length)), "0");
    }

    private static string FirstDifference(string known, string unknown)
    {
        var at = known.Zip(unknown).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"{Around(known)} | {Around(unknown)}";

        string Around(string text) => text[Math.Max(0, at - 60)..Math.Min(text.Length, at + 60)].ReplaceLineEndings(" ");
    }

    // The attempt's id in its cookie, and anti-forgery tokens in forms and cookie.
    [GeneratedRegex("""(__Host-sign-in=|name="__RequestVerificationToken"[^>]*value="|__Host-anti-forgery=)([A-Za-z0-9_-]+)""")]
    private static partial Regex Varying();

    // "12:59pm" and "1pm" are a minute apart.
    [GeneratedRegex("[0-9]{1,2}(:[0-9]{2})?[ap]m|midday|midnight|[0-9]")]
    private static partial Regex Clock();
}
