using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Appointments.Domain;
using PatientHub.Appointments.Tests.Domain;
using Task = System.Threading.Tasks.Task;

namespace PatientHub.Appointments.Tests.Integration;

/// <summary>R25: an uploaded map, else a drawing, else nothing.</summary>
public sealed class SiteMapTests(AppointmentsSystem system)
{
    [Fact]
    public async Task A_site_has_no_map_then_a_drawing_then_the_uploaded_one()
    {
        var site = $"s-{Guid.CreateVersion7():N}";
        var booking = await system.BookAsync(letter: false, change: r => r.Participant[2] = Booking.Participant("Location", site, null));
        (await system.TrustAdmin.PutAsJsonAsync($"/api/sites/{site}/settings", new SiteSettings { DisplayName = "West Wing", Directions = "Bus 5 stops at the door." }, AppointmentsSystem.Json)).EnsureSuccessStatusCode();
        (await booking.ReadAsync()).SiteMap.ShouldBeNull();
        (await booking.Patient.GetAsync($"{booking.Path}/map")).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        var location = new Location { Id = site, Name = "WW01", Position = new Location.PositionComponent { Latitude = 53.8m, Longitude = -1.55m } };
        (await system.Pas.PutAsync($"/fhir/Location/{site}", new StringContent(FhirJsonSerializer.Default.SerializeToString(location), System.Text.Encoding.UTF8, "application/fhir+json"))).EnsureSuccessStatusCode();
        var page = await booking.ReadAsync();
        (page.SiteMap, page.SiteDirections).ShouldBe((new SiteMap { Drawn = true, ContentType = "image/svg+xml" }, "Bus 5 stops at the door."));
        var drawing = await booking.Patient.GetAsync($"{booking.Path}/map");
        (drawing.Content.Headers.ContentType!.MediaType, drawing.Headers.CacheControl!.NoStore).ShouldBe(("image/svg+xml", true));
        (await drawing.Content.ReadAsStringAsync()).ShouldContain("West Wing");
        var toKeep = await booking.Patient.GetAsync($"{booking.Path}/map?drawing=pdf");
        toKeep.Content.Headers.ContentType!.MediaType.ShouldBe("application/pdf");
        MapFile.TypeOf(await toKeep.Content.ReadAsByteArrayAsync()).ShouldBe("application/pdf");

        var png = MapFileTests.Png(800, 600);
        (await UploadAsync(site, png)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await UploadAsync(site, png)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await booking.ReadAsync()).SiteMap.ShouldBe(new SiteMap { Drawn = false, ContentType = "image/png", Bytes = png.Length });
        var uploaded = await booking.Patient.GetAsync($"{booking.Path}/map");
        uploaded.Content.Headers.ContentType!.MediaType.ShouldBe("image/png");
        (await uploaded.Content.ReadAsByteArrayAsync()).ShouldBe(png);

        (await system.TrustAdmin.DeleteAsync($"/api/sites/{site}/map")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await booking.ReadAsync()).SiteMap!.Drawn.ShouldBeTrue();
    }

    [Fact] // checklist 105
    public async Task Anothers_map_is_not_found()
    {
        var (mine, other) = (await system.BookAsync(letter: false), await system.BookAsync(letter: false));
        (await mine.Patient.GetAsync($"{other.Path}/map")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await system.Client(null).GetAsync($"{mine.Path}/map")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task What_is_no_map_is_refused_and_only_the_trust_may_send_one()
    {
        var site = $"s-{Guid.CreateVersion7():N}";
        (await UploadAsync(site, "<svg onload='alert(1)'/>"u8.ToArray(), "image/png")).StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await UploadAsync(site, new byte[MapFile.MaxBytes + 1])).StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await UploadAsync(new string('x', 65), MapFileTests.Png(800, 600))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await system.Pas.PutAsync($"/api/sites/{site}/map", Content(MapFileTests.Png(800, 600), "image/png"))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await system.CountAsync($"select count(*) from site where source_id = '{site}'")).ShouldBe(0);
    }

    private Task<HttpResponseMessage> UploadAsync(string site, byte[] file, string type = "image/png") => system.TrustAdmin.PutAsync($"/api/sites/{site}/map", Content(file, type));

    private static ByteArrayContent Content(byte[] file, string type) => new(file) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
}
