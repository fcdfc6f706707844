namespace PatientHub.Fhir.Tests;

public sealed class NhsNumberTests
{
    [Theory]
    [InlineData("9000000009", "9000000009")]
    [InlineData("999 054 8609", "9990548609")]
    [InlineData("943-476-5919", "9434765919")]
    [InlineData("9876543210", "9876543210")]
    [InlineData("9990001000", null)]
    [InlineData("9123456789", null)]
    [InlineData("4857773456", null)]
    [InlineData("9990000000", null)] // check digit would be 10
    [InlineData("987654321", null)]
    [InlineData("98765432100", null)]
    [InlineData("987654321O", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Check_digit(string? text, string? expected)
    {
        NhsNumber.TryParse(text, out var number).ShouldBe(expected is not null);
        number.ShouldBe(expected ?? "");
    }
}
