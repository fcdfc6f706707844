using System.Text.Json;
using System.Text.Json.Nodes;
using PatientHub.Identity.Contracts;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Identity.Tests.Support;
using PatientHub.PostalFallback.Contracts;
using PatientHub.Testing;

namespace PatientHub.Identity.Tests;

/// <summary>The post brought a letter back: nothing is posted there until the record names another place.</summary>
public sealed class ReturnedAddressTests(IdentitySystem identity)
{
    [Fact]
    public async Task Address_is_bad_until_the_record_names_another()
    {
        var patient = At("1 Example Road", "LS9 7TF");
        var id = await identity.FeedAsync(patient);
        var address = await AddressAsync(id);
        address.ShouldSatisfyAllConditions(a => a.Returned.ShouldBeFalse(), a => a.Lines.ShouldNotBeEmpty(), a => a.AddressId.ShouldNotBeNull());

        await ReturnAsync(id, address.AddressId);
        await Eventually.True(async () => (await AddressAsync(id)).Returned, "the return was never taken");
        (await AddressAsync(id)).Lines.ShouldBeEmpty();

        await identity.FeedAsync(patient.With("active", true));
        await identity.FeedAsync(patient.With("address", Address("1  example road", "ls97tf")));
        (await AddressAsync(id)).Returned.ShouldBeTrue("the same place in other letters is the same place");

        await identity.FeedAsync(patient.With("address", Address("2 Example Road", "LS9 7TF")));
        (await AddressAsync(id)).ShouldSatisfyAllConditions(a => a.Returned.ShouldBeFalse(), a => a.Lines.ShouldContain("2 Example Road"), a => a.AddressId.ShouldNotBe(address.AddressId));
    }

    [Fact]
    public async Task Address_that_was_corrected_meanwhile_is_not_blamed()
    {
        var patient = At("1 Example Road", "LS9 7TF");
        var id = await identity.FeedAsync(patient);
        var old = (await AddressAsync(id)).AddressId;
        await identity.FeedAsync(patient.With("address", Address("5 Other Street", "LS8 5AJ")));
        await ReturnAsync(id, old);
        await ReturnAsync(id, null);
        var other = await identity.FeedAsync(At("9 Third Lane", "LS1 1AA"));
        await ReturnAsync(other, (await AddressAsync(other)).AddressId);
        await Eventually.True(async () => (await AddressAsync(other)).Returned, "the later return was never taken");
        (await AddressAsync(id)).Returned.ShouldBeFalse();
        (await AddressAsync(other)).AddressId.ShouldNotBe((await AddressAsync(id)).AddressId);
    }

    private static PatientJson At(string line, string postcode) => new PatientJson().Phone(PatientJson.NewMobile()).With("address", Address(line, postcode));

    private static JsonNode Address(string line, string postcode) => JsonSerializer.SerializeToNode(new[] { new { use = "home", line = new[] { line }, city = "Leeds", postalCode = postcode } })!;

    private Task ReturnAsync(Guid id, Guid? addressId) => identity.Bus.PublishAsync(new LetterReturned
    {
        LetterId = Guid.CreateVersion7(),
        LetterVersion = 1,
        PatientId = id,
        AddressId = addressId,
        Reason = "GONE-AWAY",
        OccurredAt = DateTimeOffset.UtcNow,
    });

    private async Task<PatientAddress> AddressAsync(Guid id) =>
        (await identity.PostAsync<List<PatientAddress>>("/internal/addresses", new PatientQuery { PatientIds = [id] }, "postal")).Single();
}
