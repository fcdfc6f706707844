using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace PatientHub.Appointments.Tests.Integration;

/// <summary>A calendar file as npm's ical.js understands it.</summary>
public sealed record ReadCalendar(string? Method, string? Name, string[] Properties, ReadEvent[] Events);

/// <summary>One entry of it. Instants are UTC, by the file's own VTIMEZONE.</summary>
public sealed record ReadEvent(string Uid, int Sequence, string Status, string Summary, string? Location, DateTimeOffset Start, DateTimeOffset? End, string Zone, string? Alarm, string[] Properties);

/// <summary>R24: what Ical.Net writes is read back by another implementation.</summary>
public static class ReadBack
{
    public static async Task<ReadCalendar> WithIcalJsAsync(string ics)
    {
        var start = new ProcessStartInfo("node", ["read.js"]) { WorkingDirectory = Folder(), RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var node = Process.Start(start)!;
        var (output, error) = (node.StandardOutput.ReadToEndAsync(), node.StandardError.ReadToEndAsync());
        await node.StandardInput.WriteAsync(ics);
        node.StandardInput.Close();
        await node.WaitForExitAsync();
        node.ExitCode.ShouldBe(0, await error);
        return JsonSerializer.Deserialize<ReadCalendar>(await output, JsonSerializerOptions.Web)!;
    }

    private static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "Ical");
}
