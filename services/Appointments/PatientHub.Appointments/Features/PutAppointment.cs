using PatientHub.Appointments.Persistence;
using PatientHub.Fhir;
using FhirAppointment = Hl7.Fhir.Model.Appointment;

namespace PatientHub.Appointments.Features;

/// <summary>
/// <c>PUT /fhir/Appointment/{id}</c>: the PAS's word on one appointment. Taken even if patient, clinic or site are still unknown (A34). The same resource again changes
/// nothing and publishes nothing; an older one is 412; another patient on a known appointment is refused and alarmed. How: <see cref="AppointmentIntake"/>.
/// </summary>
internal static class PutAppointment
{
    public static void Map(IEndpointRouteBuilder fhir) => fhir.MapPut("/Appointment/{id}", HandleAsync);

    private static async Task<IResult> HandleAsync(FhirInput<FhirAppointment> input, SourceIds ids, AppointmentsDbContext db, AppointmentIntake intake, CancellationToken ct)
    {
        var (arrival, refused) = AppointmentArrival.Of(input, ids);
        return arrival is null ? refused! : (await Retry.OnConflictAsync(db, () => intake.TakeAsync([arrival], ct)))[0];
    }
}
