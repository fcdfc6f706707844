using MassTransit;
using Microsoft.EntityFrameworkCore;
using PatientHub.Identity.Contracts;
using PatientHub.Letters.Persistence;

namespace PatientHub.Letters.Consumers;

/// <summary>
/// A30: what arrives under the record's own id is its own again. Its appointments are told anew by Appointments a little later, and their letters go back with them; a letter without an
/// appointment stays with the survivor until a person has looked.
/// </summary>
public sealed class PatientUnmergedConsumer(LettersDbContext db) : IConsumer<PatientUnmerged>
{
    public Task Consume(ConsumeContext<PatientUnmerged> context)
    {
        var own = context.Message.PatientId;
        return db.Merges.Where(m => m.FromPatientId == own).ExecuteDeleteAsync(context.CancellationToken);
    }
}
