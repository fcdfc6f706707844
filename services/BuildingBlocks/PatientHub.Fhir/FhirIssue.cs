using Hl7.Fhir.Model;

namespace PatientHub.Fhir;

/// <summary>
/// One line of an OperationOutcome. <paramref name="Element"/> is a path such as <c>Appointment.start</c>; <paramref name="Text"/> never repeats a value of the
/// resource, because outcomes end up in other systems' logs.
/// </summary>
public sealed record FhirIssue(OperationOutcome.IssueSeverity Severity, OperationOutcome.IssueType Code, string? Element, string Text)
{
    public static FhirIssue Error(OperationOutcome.IssueType code, string? element, string text) => new(OperationOutcome.IssueSeverity.Error, code, element, text);

    /// <summary>The resource was taken, but this part of it cannot be used.</summary>
    public static FhirIssue Warning(OperationOutcome.IssueType code, string? element, string text) =>
        new(OperationOutcome.IssueSeverity.Warning, code, element, text);

    public static FhirIssue Information(string text) =>
        new(OperationOutcome.IssueSeverity.Information, OperationOutcome.IssueType.Informational, null, text);

    internal OperationOutcome.IssueComponent ToComponent() => new()
    {
        Severity = Severity,
        Code = Code,
        Diagnostics = Text,
        Expression = Element is null ? [] : [Element],
    };
}
