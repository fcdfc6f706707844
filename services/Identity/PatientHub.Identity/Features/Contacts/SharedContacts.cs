using Npgsql;

namespace PatientHub.Identity.Features.Contacts;

/// <summary>
/// R17: which of these records share a current contact and the date of birth with a second record that can be signed in to. From the moment there is one, every message
/// and letter carries the UVC. Asked for each batch, so it is right without any flag to keep.
/// </summary>
public sealed class SharedContacts(NpgsqlDataSource database)
{
    private const string Sql = """
        select distinct one.patient_id
        from patient_contact one
        join patient p on p.id = one.patient_id
        join patient_contact other on other.value = one.value and other.kind = one.kind and other.patient_id <> one.patient_id
        join patient q on q.id = other.patient_id and q.birth_date = p.birth_date
        where one.patient_id = any($1)
          and q.active and not q.linked and q.merged_into is null and not q.deceased and not q.restricted and not q.no_portal
          and (one.valid_from is null or one.valid_from <= now()) and (one.valid_until is null or one.valid_until > now())
          and (other.valid_from is null or other.valid_from <= now()) and (other.valid_until is null or other.valid_until > now())
        """;

    public async Task<HashSet<Guid>> AmongAsync(Guid[] patientIds, CancellationToken ct)
    {
        await using var command = database.CreateCommand(Sql);
        command.Parameters.Add(new NpgsqlParameter { Value = patientIds });
        var found = new HashSet<Guid>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            found.Add(reader.GetGuid(0));
        return found;
    }
}
