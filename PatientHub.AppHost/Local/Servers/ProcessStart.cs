using System.Globalization;

namespace PatientHub.AppHost.Local.Servers;

/// <summary>A process id alone is not a process: ids are used again. Id and start time together are.</summary>
public static class ProcessStart
{
    /// <summary>Clock ticks between the machine's start and the process's (field 22 of /proc/id/stat), or null when there is none.</summary>
    public static long? Of(int processId)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            // The second field is the program's name in brackets and may hold spaces: count from the last bracket.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] == "Z" ? null : long.Parse(fields[19], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
