using Npgsql;

namespace PatientHub.Proving.Rig;

/// <summary>
/// A book that the rig keeps beside Notifications' own: which steps an attempt told of at the moment of its commit. The product moves a step's link to another message when the first one was not taken; a defect that
/// moved one of a message that was taken would leave no trace of the first in the product's tables, and nobody would see that the patient was told twice. Nothing in the product knows of this book.
/// </summary>
internal static class ToldHistory
{
    // Deferred to the commit: an attempt and the links of its message are written in one transaction, in any order.
    private const string Book = """
        begin;
        lock table attempt in share row exclusive mode;
        create schema proving_told;
        create table proving_told.attempt_step (attempt_id uuid not null, step_id uuid not null, primary key (attempt_id, step_id));
        create function proving_told.note() returns trigger language plpgsql security definer as $$
            begin
                insert into proving_told.attempt_step select new.id, t.step_id from public.message_step t where t.message_id = new.message_id on conflict do nothing;
                return null;
            end $$;
        create constraint trigger proving_told after insert on attempt deferrable initially deferred for each row when (new.message_id is not null) execute function proving_told.note();
        insert into proving_told.attempt_step select a.id, t.step_id from attempt a join message_step t on t.message_id = a.message_id;
        commit;
        """;

    public static async Task KeepAsync(HubUnderTest hub)
    {
        await using var connection = new NpgsqlConnection(hub.ConnectionString("notificationsdb") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(Book, connection);
        await command.ExecuteNonQueryAsync();
    }
}
