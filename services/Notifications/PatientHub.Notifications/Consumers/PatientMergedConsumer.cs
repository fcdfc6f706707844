using MassTransit;
using Microsoft.EntityFrameworkCore;
using PatientHub.Identity.Contracts;
using PatientHub.Notifications.Persistence;

namespace PatientHub.Notifications.Consumers;

/// <summary>A30: journeys and messages go to the survivor. An opt-out of either record counts: nobody is written to against his word.</summary>
internal sealed class PatientMergedConsumer(NotificationsDbContext db, JourneyReview review) : IConsumer<PatientMerged>
{
    public async Task Consume(ConsumeContext<PatientMerged> context)
    {
        var (from, to, ct) = (context.Message.FromPatientId, context.Message.ToPatientId, context.CancellationToken);
        await db.LockPatientsAsync([from, to], ct);
        await db.Database.ExecuteSqlAsync($"update letter set patient_id = {to} where patient_id = {from}", ct);
        await db.Database.ExecuteSqlAsync($"update appointment set patient_id = {to} where patient_id = {from}", ct);
        await db.Database.ExecuteSqlAsync($"update journey_step set patient_id = {to} where patient_id = {from}", ct);
        await db.Database.ExecuteSqlAsync($"update message set patient_id = {to} where patient_id = {from}", ct);
        await db.Database.ExecuteSqlAsync($"""
            insert into preference as p (patient_id, preferred_channel, also_post, opted_out, changed_at)
            select {to}, preferred_channel, also_post, opted_out, changed_at from preference where patient_id = {from}
            on conflict (patient_id) do update set also_post = p.also_post or excluded.also_post, opted_out = p.opted_out or excluded.opted_out
            """, ct);
        await review.RunAsync([to], ct);
    }
}
