using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using PatientHub.Identity.Contracts.Http;

namespace PatientHub.Benchmarks;

/// <summary>
/// A19: known and unknown details take the same time. Asks Identity in turn with details it knows and details it does not, in an order that a coin decides for each
/// pair, and reports the AUC: the chance that a known one took longer than an unknown one. 0.50 tells a stranger nothing; 0.47 to 0.53 is the aim.
/// </summary>
internal static class EnumerationTiming
{
    private const int WarmUp = 100;

    public static async Task RunAsync(int pairs)
    {
        await using var hub = await RunningHub.StartAsync();
        using var pas = await hub.ClientAsync(hub.Address("gateway", "machine"), "pas", "pas-client-secret", "fhir.write");
        using var signIn = await hub.ClientAsync(hub.Address("identity"), "gateway", "gateway-client-secret", "sign-in");

        // An own address for each known patient: the limit of codes per destination (A12) is another question.
        await Parallel.ForEachAsync(Enumerable.Range(0, pairs + WarmUp), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (number, cancellationToken) =>
        {
            using var body = new StringContent($$"""
                {"resourceType":"Patient","id":"BENCH{{number}}","active":true,"name":[{"use":"official","family":"Bench","given":["Mark"]}],
                 "birthDate":"1970-01-01","telecom":[{"system":"email","value":"{{Known(number)}}"}]}
                """, Encoding.UTF8);
            body.Headers.ContentType = new MediaTypeHeaderValue("application/fhir+json");
            using var response = await pas.PutAsync($"/fhir/Patient/BENCH{number}", body, cancellationToken);
            response.EnsureSuccessStatusCode();
        });

        var known = new List<double>(pairs);
        var unknown = new List<double>(pairs);
        var coin = new Random(20261123);
        for (var number = 0; number < pairs + WarmUp; number++)
        {
            var (first, second) = coin.Next(2) == 0 ? (true, false) : (false, true);
            foreach (var isKnown in (bool[])[first, second])
            {
                var milliseconds = await AskAsync(signIn, isKnown ? Known(number) : Unknown(number));
                if (number >= WarmUp)
                    (isKnown ? known : unknown).Add(milliseconds);
            }
        }

        var auc = Auc(known, unknown);
        var error = 1.96 * Math.Sqrt((2.0 * pairs + 1) / (12.0 * pairs * pairs));
        Console.WriteLine($"pairs {pairs}   AUC {auc:0.000} (no difference would show 0.500 ± {error:0.000})   median known {Median(known):0.00} ms, unknown {Median(unknown):0.00} ms");
    }

    private static async Task<double> AskAsync(HttpClient http, string identifier)
    {
        var start = Stopwatch.GetTimestamp();
        using var response = await http.PostAsJsonAsync("/internal/sign-in/attempts", new StartSignIn { Identifier = identifier, DateOfBirth = new DateOnly(1970, 1, 1) });
        await response.Content.ReadAsByteArrayAsync();
        response.EnsureSuccessStatusCode();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static string Known(int number) => $"known-{number:00000}@example.com";

    private static string Unknown(int number) => $"other-{number:00000}@example.com";

    /// <summary>Mann–Whitney: the share of pairs in which the first is larger, ties counted half.</summary>
    private static double Auc(List<double> first, List<double> second)
    {
        var sorted = second.Order().ToArray();
        var larger = 0.0;
        foreach (var value in first)
        {
            var below = Array.BinarySearch(sorted, value);
            larger += below < 0 ? ~below : below + 0.5;
        }

        return larger / ((double)first.Count * second.Count);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
