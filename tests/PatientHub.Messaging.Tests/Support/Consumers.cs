using MassTransit;
using PatientHub.Messaging.Tests.Contracts;

namespace PatientHub.Messaging.Tests;

/// <summary>What a test puts into the consumers' way; runs before and after SaveChanges.</summary>
public sealed class Script
{
    public Func<Guid, Task> BeforeSave { get; set; } = _ => Task.CompletedTask;

    /// <summary>As <see cref="BeforeSave"/>, with the consumer's own connection.</summary>
    public Func<NotesDbContext, Task> WithDatabase { get; set; } = _ => Task.CompletedTask;

    public Func<Guid, Task> AfterSave { get; set; } = _ => Task.CompletedTask;

    private int _calls;

    public int Calls => _calls;

    public void Called() => Interlocked.Increment(ref _calls);
}

public sealed class NoteTakenConsumer(NotesDbContext db, IOutbox outbox, Script script) : IConsumer<NoteTaken>
{
    public async Task Consume(ConsumeContext<NoteTaken> context)
    {
        script.Called();
        await script.BeforeSave(context.Message.NoteId);
        await script.WithDatabase(db);
        db.Effects.Add(new Effect { NoteId = context.Message.NoteId, By = nameof(NoteTakenConsumer) });
        outbox.Add(new NoteFiled { NoteId = context.Message.NoteId });
        await db.SaveChangesAsync(context.CancellationToken);
        await script.AfterSave(context.Message.NoteId);
    }
}

public sealed class NoteBatchConsumer(NotesDbContext db, Script script) : IConsumer<Batch<NoteTaken>>
{
    public async Task Consume(ConsumeContext<Batch<NoteTaken>> context)
    {
        script.Called();
        await script.WithDatabase(db);
        foreach (var note in context.Message)
        {
            await script.BeforeSave(note.Message.NoteId);
            db.Effects.Add(new Effect { NoteId = note.Message.NoteId, By = nameof(NoteBatchConsumer) });
        }

        await db.SaveChangesAsync(context.CancellationToken);
    }
}

/// <summary>Upserts the whole state and ignores an older version: no order is promised, and none is needed.</summary>
public sealed class DeskChangedConsumer(NotesDbContext db, Script script) : IConsumer<DeskChanged>
{
    public async Task Consume(ConsumeContext<DeskChanged> context)
    {
        script.Called();
        var news = context.Message;
        var desk = await db.Desks.FindAsync([news.DeskId], context.CancellationToken);
        if (desk is null)
        {
            db.Desks.Add(new Desk { Id = news.DeskId, Version = news.Version, State = news.State });
        }
        else if (news.Version > desk.Version)
        {
            (desk.Version, desk.State) = (news.Version, news.State);
        }

        await db.SaveChangesAsync(context.CancellationToken);
        await script.AfterSave(news.DeskId);
    }
}
