using Microsoft.EntityFrameworkCore;

namespace PatientHub.Messaging;

/// <summary>The tables of outbox and inbox, which live in each service's own database.</summary>
public static class MessagingTables
{
    /// <summary>Maps <c>outbox_message</c> and <c>inbox_message</c>. Call it in <c>OnModelCreating</c>.</summary>
    public static ModelBuilder AddMessagingTables(this ModelBuilder model)
    {
        model.Entity<OutboxMessage>(row =>
        {
            row.ToTable("outbox_message");
            row.HasKey(m => m.Sequence);
            row.Property(m => m.Sequence).HasColumnName("sequence").UseIdentityAlwaysColumn();
            row.Property(m => m.MessageId).HasColumnName("message_id");
            row.Property(m => m.Type).HasColumnName("type");
            row.Property(m => m.Body).HasColumnName("body").HasColumnType("jsonb");
            row.Property(m => m.Subject).HasColumnName("subject");
            row.Property(m => m.ConversationId).HasColumnName("conversation_id");
            row.Property(m => m.TraceParent).HasColumnName("trace_parent");
            row.Property(m => m.TraceState).HasColumnName("trace_state");
            row.Property(m => m.CreatedAt).HasColumnName("created_at").HasDefaultValueSql("now()").ValueGeneratedOnAdd();
            row.Property(m => m.NotBefore).HasColumnName("not_before");
            row.Property(m => m.Attempts).HasColumnName("attempts");
            row.Property(m => m.ParkedAt).HasColumnName("parked_at");
            row.Property(m => m.LastError).HasColumnName("last_error");

            // Partial indexes on open rows: an empty look costs the same whatever else the table holds.
            row.HasIndex(m => m.Sequence, "ix_outbox_message_ready").HasFilter("parked_at is null and not_before is null");
            row.HasIndex(m => m.NotBefore, "ix_outbox_message_later").HasFilter("parked_at is null and not_before is not null");
            row.HasIndex(m => m.ParkedAt, "ix_outbox_message_parked").HasFilter("parked_at is not null");
        });

        model.Entity<InboxMessage>(row =>
        {
            row.ToTable("inbox_message");
            row.HasKey(m => new { m.MessageId, m.Endpoint });
            row.Property(m => m.MessageId).HasColumnName("message_id");
            row.Property(m => m.Endpoint).HasColumnName("endpoint");
            row.Property(m => m.ReceivedAt).HasColumnName("received_at").HasDefaultValueSql("now()").ValueGeneratedOnAdd();
            row.HasIndex(m => m.ReceivedAt, "ix_inbox_message_received_at");
        });

        return model;
    }
}
