using System.Buffers.Text;
using System.Security.Cryptography;
using PatientHub.Calendar;

namespace PatientHub.Identity.Domain;

/// <summary>What one feed message changed.</summary>
public sealed record PatientChange
{
    public bool Anything { get; init; }
    public bool Contacts { get; init; }
    public bool Address { get; init; }
    public bool Died { get; init; }
    public bool DeathRevoked { get; init; }
    public bool BecameRestricted { get; init; }
    /// <summary>Not to be told through a parent from now on, while the patient is a child (A31).</summary>
    public bool BecameHiddenFromParents { get; init; }
    /// <summary>Inactive or linked since this message: nobody signs in to it until a person has looked (A30).</summary>
    public bool BecameConflicting { get; init; }
    /// <summary>A corrected date of birth makes the patient 16, and a parent's contacts stop (A31).</summary>
    public bool StopsParents { get; init; }
    /// <summary>Sessions and codes end: another contact, death, restriction, or no more sign-in for another reason (A24, A30).</summary>
    public bool EndsSessions { get; init; }
    /// <summary>Large print (or nothing) is recorded, and a sign language as well: a person looks whether more is needed (R10).</summary>
    public bool NewlySigns { get; init; }
}

/// <summary>A patient as the PAS describes him, with what the hub adds: permanent link (R4), UVC (R17), failed contacts and staff settings (R14).</summary>
public sealed class Patient
{
    private readonly List<PatientContact> contacts = [];

    private Patient()
    {
    }

    public Guid Id { get; private init; }
    public string SourceSystem { get; private init; } = "";
    public string SourceId { get; private init; } = "";
    /// <summary>Rises with every change; first is 1.</summary>
    public int Version { get; private set; }
    /// <summary>A34: meta.lastUpdated of what was applied last, else its arrival.</summary>
    public DateTimeOffset RecordVersion { get; private set; }
    public string FirstName { get; private set; } = "";
    public string FullName { get; private set; } = "";
    public string? FamilyName { get; private set; }
    public DateOnly? BirthDate { get; private set; }
    public string? NhsNumber { get; private set; }
    public bool NhsNumberVerified { get; private set; }
    public string? UnverifiedNhsNumber { get; private set; }
    public IReadOnlyList<PostalAddress> Addresses { get; private set; } = [];
    public string Language { get; private set; } = "en";
    public WrittenFormat Format { get; private set; }
    public bool Signs { get; private set; }
    public bool Deceased { get; private set; }
    public bool Restricted { get; private set; }
    public bool LettersOnly { get; private set; }
    public bool NoPortal { get; private set; }
    /// <summary>"Not to parents" (A31): counts while the patient is under 16.</summary>
    public bool NotToParents { get; private set; }
    /// <summary>A31: what was done about the patient's age.</summary>
    public AgeStep AgeStep { get; private set; }
    public bool Active { get; private set; }
    public bool Linked { get; private set; }
    /// <summary>A30: the record that this one says it was replaced by.</summary>
    public Guid? ReplacedBy { get; private set; }
    /// <summary>A30: the records that this one says it replaces.</summary>
    public IReadOnlyList<Guid> Replaces { get; private set; } = [];
    /// <summary>A30: the record that this one was merged into, whichever of the two says so; null while it stands for itself.</summary>
    public Guid? MergedInto { get; private set; }
    /// <summary>Staff setting "letters only" (R9); the PAS's own preference is another field and does not overwrite it.</summary>
    public bool LettersOnlyByStaff { get; private set; }
    /// <summary>Staff setting "codes by email" (R14).</summary>
    public bool CodesByEmail { get; private set; }
    /// <summary>Token of the permanent link (R4): 128 random bits. It proves nothing; it only chooses among matching records (A14).</summary>
    public string LinkToken { get; private init; } = "";
    public string Uvc { get; private init; } = "";
    public IReadOnlyList<PatientContact> Contacts => contacts;

    /// <summary>A24, A30: for everybody else the record is as unknown.</summary>
    public bool MaySignIn => Active && !Linked && MergedInto is null && !Deceased && !Restricted && !NoPortal;

    /// <summary>A24: nothing is sent or printed to the dead, the restricted, the inactive.</summary>
    public bool MayBeSentTo => Active && MergedInto is null && !Deceased && !Restricted;

    /// <summary>R9, A24.</summary>
    public bool EverythingByPost => LettersOnly || LettersOnlyByStaff || NoPortal;

    public static Patient Register(Guid id, string sourceSystem, string sourceId, PatientDetails details, DateTimeOffset recordVersion, DateTimeOffset now)
    {
        var patient = new Patient
        {
            Id = id,
            SourceSystem = sourceSystem,
            SourceId = sourceId,
            LinkToken = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)),
            Uvc = UserVerificationCode.New(),
        };
        patient.Apply(details, recordVersion, now);
        return patient;
    }

    /// <summary>Applies a message of the feed. The same details again change nothing, whatever their version.</summary>
    public PatientChange Apply(PatientDetails details, DateTimeOffset recordVersion, DateTimeOffset now)
    {
        var (couldSignIn, wasHidden) = (MaySignIn, Version > 0 && IsHiddenFromParents(now));
        var parents = contacts.Where(c => IsAParents(c, now)).ToHashSet();
        // A record that was merged away is inactive for a reason that is known.
        var couldConflict = Version > 0 && ((!Active && MergedInto is null) || Linked);
        var change = new PatientChange
        {
            Contacts = ApplyContacts(details.Contacts, now),
            Address = !SameAddresses(Addresses, details.Addresses),
            Died = details.Deceased && !Deceased,
            DeathRevoked = Version > 0 && !details.Deceased && Deceased,
            BecameRestricted = details.Restricted && !Restricted,
            BecameConflicting = ((!details.Active && details.ReplacedBy is null && MergedInto is null) || details.Linked) && !couldConflict,
            NewlySigns = details.Signs && !Signs && details.Format == WrittenFormat.LargePrint,
        };
        var merges = ReplacedBy != details.ReplacedBy || !Replaces.SequenceEqual(details.Replaces);
        var anything = Version == 0 || merges || NotToParents != details.NotToParents || change.Contacts || change.Address || ContactsDiffer(details.Contacts)
            || (FirstName, FullName, FamilyName, BirthDate) != (details.Name.First, details.Name.Full, details.Name.Family, details.BirthDate)
            || (NhsNumber, NhsNumberVerified, UnverifiedNhsNumber) != (details.NhsNumber, details.NhsNumberVerified, details.UnverifiedNhsNumber)
            || (Language, Format, Signs) != (details.Language, details.Format, details.Signs)
            || (Deceased, Restricted, LettersOnly, NoPortal, Active, Linked) != (details.Deceased, details.Restricted, details.LettersOnly, details.NoPortal, details.Active, details.Linked);
        var wasRegistered = Version > 0;
        RecordVersion = recordVersion;
        if (!anything) return change;

        UpdateContactPeriods(details.Contacts);
        // A31: what was done for a date of birth that was wrong was not done for the right one.
        if (wasRegistered && BirthDate != details.BirthDate) AgeStep = AgeStep.None;
        (FirstName, FullName, FamilyName, BirthDate) = (details.Name.First, details.Name.Full, details.Name.Family, details.BirthDate);
        (NhsNumber, NhsNumberVerified, UnverifiedNhsNumber) = (details.NhsNumber, details.NhsNumberVerified, details.UnverifiedNhsNumber);
        (Language, Format, Signs) = (details.Language, details.Format, details.Signs);
        (Deceased, Restricted, LettersOnly, NoPortal, Active, Linked) = (details.Deceased, details.Restricted, details.LettersOnly, details.NoPortal, details.Active, details.Linked);
        (ReplacedBy, Replaces, NotToParents) = (details.ReplacedBy, details.Replaces, details.NotToParents);
        if (change.Address) Addresses = [.. details.Addresses.Select(address => address with { ReturnedAt = Addresses.FirstOrDefault(known => known.Place == address.Place)?.ReturnedAt })];
        Version++;
        var hides = IsHiddenFromParents(now) && !wasHidden;
        var stopsParents = contacts.Any(c => IsAParents(c, now) && !parents.Contains(c));
        return change with { Anything = true, BecameHiddenFromParents = hides, StopsParents = stopsParents, EndsSessions = wasRegistered && (change.Contacts || hides || stopsParents || (couldSignIn && !MaySignIn)) };
    }

    /// <summary>A34: would this message add, remove or replace a contact of a known record?</summary>
    public bool ContactsWouldChange(PatientDetails details) => !contacts.Select(c => (c.Kind, c.Value)).ToHashSet().SetEquals(details.Contacts.Select(c => (c.Kind, c.Value)));

    /// <summary>A34: the same message, with the contacts that are known.</summary>
    public PatientDetails WithKnownContacts(PatientDetails details) => details with
    {
        Contacts = [.. contacts.OrderBy(c => c.Position).Select(c => new ContactDetail(c.Kind, c.Value) { Rank = c.Rank, ValidFrom = c.ValidFrom, ValidUntil = c.ValidUntil })],
    };

    /// <summary>Usable contacts of one kind in the order in which they are tried: lowest rank first, then the feed's order.</summary>
    public IEnumerable<PatientContact> UsableContacts(ContactKind kind, DateTimeOffset now) =>
        contacts.Where(c => c.Kind == kind && c.IsUsable(now) && !IsAParents(c, now)).OrderBy(c => c.Rank ?? int.MaxValue).ThenBy(c => c.Position);

    /// <summary>As <see cref="UsableContacts"/>, without those that are in doubt (A32).</summary>
    public IEnumerable<PatientContact> NotifiableContacts(ContactKind kind, DateTimeOffset now) => UsableContacts(kind, now).Where(c => c.IsNotifiable(now));

    /// <summary>A32: messages reach the wrong person. Of one contact, or of all when only the record is known. True when something changed.</summary>
    public bool Doubt(TypedIdentifier? only, DateTimeOffset now)
    {
        var doubtful = contacts.Where(c => c.IsNotifiable(now) && (only is null || (c.Kind == only.Kind && c.Value == only.Value))).ToList();
        foreach (var contact in doubtful) contact.DoubtfulSince = now;
        if (doubtful.Count == 0) return false;
        Version++;
        return true;
    }

    /// <summary>A32, A31: the hospital has asked, and the contacts are right and the patient's own. True when something changed.</summary>
    public bool ConfirmContacts(DateTimeOffset now)
    {
        var doubtful = contacts.Where(c => c.DoubtfulSince is not null || IsAParents(c, now)).ToList();
        foreach (var contact in doubtful) (contact.DoubtfulSince, contact.ConfirmedAt) = (null, now);
        if (doubtful.Count == 0) return false;
        Version++;
        return true;
    }

    /// <summary>R14: the contact that was in use on a channel is dead. One added after the failure is another contact. True when something changed.</summary>
    public bool MarkContactFailed(ContactKind kind, DateTimeOffset failedAt)
    {
        var failed = UsableContacts(kind, failedAt).FirstOrDefault(c => c.AddedAt <= failedAt);
        if (failed is null) return false;
        failed.FailedAt = failedAt;
        Version++;
        return true;
    }

    /// <summary>A30: it leads to another record from now on, or stands for itself again (null). True when something changed.</summary>
    public bool LeadTo(Guid? survivor)
    {
        if (MergedInto == survivor) return false;
        MergedInto = survivor;
        Version++;
        return true;
    }

    /// <summary>A letter came back from there: nothing is posted to it until the record names another place. True when something changed.</summary>
    public bool MarkAddressReturned(Func<PostalAddress, bool> isIt, DateTimeOffset at)
    {
        if (!Addresses.Any(address => address.ReturnedAt is null && isIt(address))) return false;
        Addresses = [.. Addresses.Select(address => address.ReturnedAt is null && isIt(address) ? address with { ReturnedAt = at } : address)];
        Version++;
        return true;
    }

    /// <summary>R9: staff set or clear "letters only". True when something changed.</summary>
    public bool SetLettersOnly(bool value)
    {
        if (LettersOnlyByStaff == value) return false;
        LettersOnlyByStaff = value;
        Version++;
        return true;
    }

    /// <summary>R14: the number's owner texted STOP, or START again. True when something changed.</summary>
    public bool SetTexting(string mobile, bool stopped, DateTimeOffset now)
    {
        var contact = contacts.FirstOrDefault(c => c.Kind == ContactKind.Mobile && c.Value == mobile);
        if (contact is null || contact.FailedAt is not null == stopped) return false;
        contact.FailedAt = stopped ? now : null;
        Version++;
        return true;
    }

    /// <summary>R14: staff set or clear "codes by email". True when something changed.</summary>
    public bool SetCodesByEmail(bool value)
    {
        if (CodesByEmail == value) return false;
        CodesByEmail = value;
        Version++;
        return true;
    }

    /// <summary>Under 16 by London's calendar: contacts belong to a parent, post goes to "Parent or guardian of" (A25, A31).</summary>
    public bool IsChild(DateTimeOffset now) => BirthDate is { } born && LondonTime.DateOf(now) < born.AddYears(16);

    /// <summary>A31: nothing may be shown or sent through a parent.</summary>
    public bool IsHiddenFromParents(DateTimeOffset now) => NotToParents && IsChild(now);

    /// <summary>A31: a contact that came while the patient was under 16 belongs to a parent. At 16 it stops, until the patient's own comes or the hospital has confirmed it.</summary>
    public bool IsAParents(PatientContact contact, DateTimeOffset now) =>
        SixteenAt is { } sixteen && now >= sixteen && contact.AddedAt < sixteen && !(contact.ConfirmedAt >= sixteen);

    /// <summary>A31: when the 16th birthday begins in London.</summary>
    public DateTimeOffset? SixteenAt => BirthDate is { Year: < 9000 } born ? LondonTime.ToInstant(born.AddYears(16), TimeOnly.MinValue) : null;

    /// <summary>A31: what age asks for has been done.</summary>
    public void Aged(AgeStep step)
    {
        AgeStep = step;
        Version++;
    }

    // Adds and removes rows; what stays keeps its failure. True when a contact was added or removed.
    private bool ApplyContacts(IReadOnlyList<ContactDetail> sent, DateTimeOffset now)
    {
        var wanted = sent.Select(c => (c.Kind, c.Value)).ToHashSet();
        var removed = contacts.RemoveAll(c => !wanted.Contains((c.Kind, c.Value)));
        var known = contacts.Select(c => (c.Kind, c.Value)).ToHashSet();
        var added = 0;
        for (var position = 0; position < sent.Count; position++)
        {
            var detail = sent[position];
            if (!known.Add((detail.Kind, detail.Value))) continue;
            contacts.Add(new PatientContact
            {
                PatientId = Id,
                Kind = detail.Kind,
                Value = detail.Value,
                Rank = detail.Rank,
                Position = position,
                ValidFrom = detail.ValidFrom,
                ValidUntil = detail.ValidUntil,
                AddedAt = now,
            });
            added++;
        }

        return removed + added > 0;
    }

    private bool ContactsDiffer(IReadOnlyList<ContactDetail> sent) => Pairs(sent).Any(p =>
        (p.Known.Rank, p.Known.Position, p.Known.ValidFrom, p.Known.ValidUntil) != (p.Sent.Rank, p.Position, p.Sent.ValidFrom, p.Sent.ValidUntil));

    private void UpdateContactPeriods(IReadOnlyList<ContactDetail> sent)
    {
        foreach (var (known, detail, position) in Pairs(sent))
            (known.Rank, known.Position, known.ValidFrom, known.ValidUntil) = (detail.Rank, position, detail.ValidFrom, detail.ValidUntil);
    }

    private IEnumerable<(PatientContact Known, ContactDetail Sent, int Position)> Pairs(IReadOnlyList<ContactDetail> sent) => sent
        .Select((detail, position) => (detail, position))
        .DistinctBy(x => (x.detail.Kind, x.detail.Value))
        .Select(x => (contacts.First(c => c.Kind == x.detail.Kind && c.Value == x.detail.Value), x.detail, x.position));

    private static bool SameAddresses(IReadOnlyList<PostalAddress> one, IReadOnlyList<PostalAddress> other) =>
        one.Count == other.Count && one.Zip(other).All(pair => pair.First.SameAs(pair.Second));
}
