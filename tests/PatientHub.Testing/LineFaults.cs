namespace PatientHub.Testing;

/// <summary>What is wrong with one direction of a <see cref="TcpProxy"/>. Any of it can be changed at any time and is felt by open connections too.</summary>
public sealed class LineFaults
{
    private readonly Lock _gate = new();
    private readonly Random _random;
    private TaskCompletionSource? _stall;

    internal LineFaults(int seed) => _random = new Random(seed);

    /// <summary>How long each byte is on its way.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Added to <see cref="Delay"/>, between nothing and this. Order is kept, as TCP keeps it.</summary>
    public TimeSpan Jitter { get; set; }

    /// <summary>Bytes a second of each connection; 0: as many as come.</summary>
    public int BytesPerSecond { get; set; }

    /// <summary>One byte in so many is changed; 0: none.</summary>
    public int CorruptsOneByteIn { get; set; }

    /// <summary>One piece (what arrives at once) in so many comes twice; 0: none. No network does this to TCP: a broken middle box does.</summary>
    public int DuplicatesOnePieceIn { get; set; }

    /// <summary>Nothing is read or forwarded while it is true: the sender feels it when its buffers are full.</summary>
    public bool Stalled
    {
        get => _stall is not null;
        set
        {
            lock (_gate)
            {
                if (value)
                {
                    _stall ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                }
                else
                {
                    _stall?.SetResult();
                    _stall = null;
                }
            }
        }
    }

    /// <summary>Nothing is wrong any more.</summary>
    public void Heal()
    {
        (Delay, Jitter, BytesPerSecond, CorruptsOneByteIn, DuplicatesOnePieceIn) = (TimeSpan.Zero, TimeSpan.Zero, 0, 0, 0);
        Stalled = false;
    }

    internal Task ReleasedAsync(CancellationToken ct) => _stall?.Task.WaitAsync(ct) ?? Task.CompletedTask;

    internal TimeSpan NextDelay() => Jitter > TimeSpan.Zero ? Delay + (Jitter * Next()) : Delay;

    internal bool DuplicatesNext() => DuplicatesOnePieceIn is > 0 and var many && Next() * many < 1;

    internal void Corrupt(Span<byte> piece)
    {
        if (CorruptsOneByteIn is not (> 0 and var many))
        {
            return;
        }
        for (var at = 0; at < piece.Length; at++)
        {
            if (Next() * many < 1)
            {
                piece[at] ^= (byte)(1 << (int)(Next() * 8));
            }
        }
    }

    private double Next()
    {
        lock (_gate)
        {
            return _random.NextDouble();
        }
    }
}
