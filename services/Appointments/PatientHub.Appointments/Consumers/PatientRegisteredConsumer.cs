using MassTransit;
using Microsoft.EntityFrameworkCore;
using PatientHub.Appointments.Domain;
using PatientHub.Appointments.Persistence;
using PatientHub.Identity.Contracts;

namespace PatientHub.Appointments.Consumers;

/// <summary>The patient came: nobody has to look for him (A34).</summary>
public sealed class PatientRegisteredConsumer(AppointmentsDbContext db) : IConsumer<PatientRegistered>
{
    public async Task Consume(ConsumeContext<PatientRegistered> context)
    {
        var (id, ct) = (context.Message.Patient.PatientId, context.CancellationToken);
        if (!await db.KnownPatients.AnyAsync(p => p.PatientId == id, ct)) db.KnownPatients.Add(new KnownPatient(id));
        await db.SaveChangesAsync(ct);
        await db.AwaitedPatients.Where(p => p.PatientId == id).ExecuteDeleteAsync(ct);
    }
}
