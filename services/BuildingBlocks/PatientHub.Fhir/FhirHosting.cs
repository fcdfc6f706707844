using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace PatientHub.Fhir;

/// <summary>Registration of the building block.</summary>
public static class FhirHosting
{
    /// <summary>Adds <see cref="FhirReader"/> and <see cref="FhirBatchReader"/> (limits in section <c>Fhir</c>) and <see cref="SourceIds"/> (<c>SourceIds:Key</c>).</summary>
    public static IHostApplicationBuilder AddFhir(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<FhirOptions>().BindConfiguration(FhirOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.AddSourceIds();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<FhirReader>();
        builder.Services.AddSingleton<FhirBatchReader>();
        return builder;
    }

    /// <summary>Only <see cref="SourceIds"/>, for a service that takes no FHIR itself.</summary>
    public static IHostApplicationBuilder AddSourceIds(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<SourceIdsOptions>().BindConfiguration(SourceIdsOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.TryAddSingleton<SourceIds>();
        return builder;
    }
}
