using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PatientHub.Identity.Persistence.Configurations;

/// <summary>A12: what is remembered of one pair of identifier and date of birth, under a keyed hash: the row says nothing about whom.</summary>
internal sealed class SignInCounter
{
    public required byte[] Key { get; init; }
    /// <summary>Wrong codes and UVCs since the last success.</summary>
    public int WrongTries { get; init; }
    /// <summary>A33.</summary>
    public int FailedSignIns { get; init; }
    /// <summary>Start of the sign-in that has neither succeeded nor failed yet.</summary>
    public DateTimeOffset? OpenSince { get; init; }
    public DateTimeOffset? LastFailureAt { get; init; }
    /// <summary>No new code before.</summary>
    public DateTimeOffset? WaitUntil { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>A12: when codes went to one destination, under a keyed hash; at most 20 instants.</summary>
internal sealed class CodesSent
{
    public required byte[] Destination { get; init; }
    public required DateTimeOffset[] SentAt { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>A26: wrong tries in one minute, of codes really sent; the others are counted beside them so that both cost the same.</summary>
internal sealed class WrongTryMinute
{
    public required DateTimeOffset Minute { get; init; }
    public int Real { get; init; }
    public int Decoy { get; init; }
}

internal sealed class SignInCounterConfiguration : IEntityTypeConfiguration<SignInCounter>
{
    public void Configure(EntityTypeBuilder<SignInCounter> counter)
    {
        counter.ToTable("sign_in_counter");
        counter.HasKey(c => c.Key);
        counter.HasIndex(c => c.UpdatedAt);
    }
}

internal sealed class CodesSentConfiguration : IEntityTypeConfiguration<CodesSent>
{
    public void Configure(EntityTypeBuilder<CodesSent> sent)
    {
        sent.ToTable("codes_sent");
        sent.HasKey(s => s.Destination);
        sent.HasIndex(s => s.UpdatedAt);
    }
}

internal sealed class WrongTryMinuteConfiguration : IEntityTypeConfiguration<WrongTryMinute>
{
    public void Configure(EntityTypeBuilder<WrongTryMinute> minute)
    {
        minute.ToTable("wrong_try_minute");
        minute.HasKey(m => m.Minute);
    }
}
