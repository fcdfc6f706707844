using System.ComponentModel.DataAnnotations;

namespace PatientHub.PostalFallback.Clients;

/// <summary>Where batches are handed over, and where the print house answers.</summary>
public sealed class PrintOptions : IValidatableObject
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Print";

    /// <summary>
    /// Folder in which batches are written; made with mode 0700 and held at it. Without <see cref="Sftp"/> the print house reads it; with it, batches lie here until they
    /// have been reconciled. Required.
    /// </summary>
    [Required]
    public string SpoolFolder { get; set; } = "";

    /// <summary>Folder in which the print house answers; empty: <c>answers</c> in the spool folder. Not used with <see cref="Sftp"/>.</summary>
    public string AnswersFolder { get; set; } = "";

    /// <summary>How often answers are looked for; 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "01:00:00")]
    public TimeSpan AnswersEvery { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>A batch whose letters have not all been answered after this, on working days of England, is an alarm (A29); 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "14.00:00:00")]
    public TimeSpan AnswerWithin { get; set; } = TimeSpan.FromDays(1);

    /// <summary>The print house's SFTP server. Without a host, the spool folder itself is the hand-over.</summary>
    public SftpOptions Sftp { get; set; } = new();

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Sftp.Faults().Select(fault => new ValidationResult(fault));
}

/// <summary>An SFTP server as the hand-over (section <c>Print:Sftp</c>). It is refused without a pinned host key: whoever can pose as the print house gets every letter.</summary>
public sealed class SftpOptions
{
    /// <summary>Host name; empty: no SFTP.</summary>
    public string Host { get; set; } = "";

    /// <summary>Port; 22.</summary>
    public int Port { get; set; } = 22;

    /// <summary>The user there.</summary>
    public string UserName { get; set; } = "";

    /// <summary>Private key file (OpenSSH or PEM), the usual way.</summary>
    public string PrivateKeyFile { get; set; } = "";

    /// <summary>Pass phrase of that key, if it has one.</summary>
    public string PrivateKeyPassphrase { get; set; } = "";

    /// <summary>Password, where the print house offers nothing better.</summary>
    public string Password { get; set; } = "";

    /// <summary>SHA-256 fingerprints of the server's host key as <c>ssh-keygen -lf</c> prints them, with or without <c>SHA256:</c>; several, separated by blanks, while it changes.</summary>
    public string HostKeySha256 { get; set; } = "";

    /// <summary>Folder there in which batches are put.</summary>
    public string Folder { get; set; } = "in";

    /// <summary>Folder there in which the print house answers.</summary>
    public string AnswersFolder { get; set; } = "out";

    /// <summary>Longest wait for a connection and for an answer; 30 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    internal bool IsUsed => Host.Length > 0;

    internal IEnumerable<string> HostKeys => HostKeySha256.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).Select(key => key.Replace("SHA256:", "", StringComparison.Ordinal).TrimEnd('='));

    internal IEnumerable<string> Faults()
    {
        if (!IsUsed)
            yield break;
        if (!HostKeys.Any())
            yield return "Print:Sftp:HostKeySha256 is missing: without the server's pinned host key no letter is handed over.";
        else if (HostKeys.Any(key => key.Length != 43))
            yield return "Print:Sftp:HostKeySha256 is not a SHA-256 fingerprint as `ssh-keygen -lf` prints it.";
        if (UserName.Length == 0)
            yield return "Print:Sftp:UserName is missing.";
        if (PrivateKeyFile.Length == 0 && Password.Length == 0)
            yield return "Print:Sftp needs a PrivateKeyFile or a Password.";
        if (Port is < 1 or > 65535)
            yield return "Print:Sftp:Port is not a port.";
    }
}
