using System.ComponentModel.DataAnnotations;

namespace PatientHub.Letters;

/// <summary>Settings of Letters.</summary>
public sealed class LettersOptions
{
    public const string Section = "Letters";

    /// <summary>The source system whose clinics the trust's enclosures name. Default "pas".</summary>
    [Required]
    public string SourceSystem { get; set; } = "pas";

    /// <summary>How long a clinic whose letters come from the PAS may leave an appointment without one; then the template letter is made and alarmed (A29). Default 4 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "3.00:00:00")]
    public TimeSpan PasLetterWait { get; set; } = TimeSpan.FromHours(4);

    /// <summary>How long a second letter for one appointment waits for news of a move before it stands alone. Default 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan SecondLetterWait { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>A letter from the PAS has the ladder only when it is dated at most so many days ago: a first load of old documents must not post thousands. Default 14.</summary>
    [Range(0, 60)]
    public int LadderDays { get; set; } = 14;

    /// <summary>Largest PDF of the PAS, in bytes, decoded. Default 5 MB.</summary>
    [Range(1024, 50 * 1024 * 1024)]
    public int MaxPdfBytes { get; set; } = 5 * 1024 * 1024;

    /// <summary>Most pages of a PDF of the PAS: what goes into a C4 envelope printed on both sides. Default 20.</summary>
    [Range(1, 100)]
    public int MaxPdfPages { get; set; } = 20;

    /// <summary>Most enclosures that one document or one clinic may have. Default 8.</summary>
    [Range(0, 30)]
    public int MaxEnclosures { get; set; } = 8;

    /// <summary>Most pages of a letter with its enclosures: 20 sheets, what a C5 envelope holds. Default 40.</summary>
    [Range(2, 200)]
    public int MaxEnvelopePages { get; set; } = 40;

    /// <summary>Largest HTML letter of the PAS, in bytes, decoded. Default 512 kB.</summary>
    [Range(1024, 5 * 1024 * 1024)]
    public int MaxHtmlBytes { get; set; } = 512 * 1024;

    /// <summary>How often due letters are looked for. Default 0.5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(500);
}

/// <summary>Where things stand on the printed page, in millimetres from its top left corner, and what prints it. The defaults fit the C5 window envelope of the UK's print houses.</summary>
public sealed class PrintLayoutOptions
{
    public const string Section = "PrintLayout";

    private const string HeadlessShell = "/usr/lib/chromium/chromium-headless-shell";

    /// <summary>Left edge of the address window.</summary>
    [Range(0, 210)] public double WindowLeft { get; set; } = 24.6;

    /// <summary>Right edge of the address window.</summary>
    [Range(0, 210)] public double WindowRight { get; set; } = 120;

    /// <summary>Top edge of the address window.</summary>
    [Range(0, 297)] public double WindowTop { get; set; } = 39.5;

    /// <summary>Bottom edge of the address window.</summary>
    [Range(0, 297)] public double WindowBottom { get; set; } = 66.3;

    /// <summary>Where the letter's text begins on the first page.</summary>
    [Range(0, 297)] public double BodyTop { get; set; } = 95;

    /// <summary>Margin left and right.</summary>
    [Range(5, 50)] public double SideMargin { get; set; } = 15;

    /// <summary>Margin at the top of every page.</summary>
    [Range(5, 50)] public double TopMargin { get; set; } = 12;

    /// <summary>Margin at the bottom of every page; page number and letter id stand in it.</summary>
    [Range(10, 50)] public double BottomMargin { get; set; } = 20;

    /// <summary>Body text in points.</summary>
    [Range(10, 14)] public int BodyPoints { get; set; } = 12;

    /// <summary>Body text in points for patients who need large print.</summary>
    [Range(16, 28)] public int LargePrintPoints { get; set; } = 16;

    /// <summary>
    /// Chromium's executable. Default: the headless shell where it is installed, else Chromium itself, which starts one more process for every PDF and so costs three times as
    /// much. The shell by its own path: what lies under /usr/bin is a script that would stay beside it.
    /// </summary>
    [Required] public string ChromiumPath { get; set; } = File.Exists(HeadlessShell) ? HeadlessShell : "/usr/bin/chromium";

    /// <summary>Pages rendered at once by one replica.</summary>
    [Range(1, 32)] public int ConcurrentPages { get; set; } = 2;

    /// <summary>After this a page counts as stuck: Chromium is ended and started again.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")] public TimeSpan PageTimeout { get; set; } = TimeSpan.FromSeconds(20);
}

/// <summary>Where patients reach the hub; stands in the letters of clinics that offer changes online.</summary>
public sealed class HubAddressOptions
{
    /// <summary>The configuration key <c>PublicBaseUrl</c>.</summary>
    [Required] public Uri PublicBaseUrl { get; set; } = new("http://localhost");
}
