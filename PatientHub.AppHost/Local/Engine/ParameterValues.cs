using System.Security.Cryptography;
using PatientHub.AppHost.Local.Servers;

namespace PatientHub.AppHost.Local.Engine;

/// <summary>
/// Values for the parameters of AppHost.cs. <c>--parameter</c> wins, then, as with Aspire, <c>Parameters__{name}</c> in the environment, then the default in AppHost.cs. Else the name tells what kind of value it is;
/// it is generated once and kept, so data encrypted or signed with it stays readable.
/// </summary>
internal sealed class ParameterValues(InstanceFolder folder, IReadOnlyDictionary<string, string> given)
{
    public string ValueOf(ParameterResource parameter)
    {
        var name = parameter.Name;
        return Given(name) ?? parameter.Default ?? name switch
        {
            _ when name.EndsWith("-signing-key", StringComparison.Ordinal) || name.EndsWith("-private-key", StringComparison.Ordinal) => KeyPair(name),
            _ when name.EndsWith("-public-key", StringComparison.Ordinal) => PublicKeyOf(KeyPair(name.Replace("-public-key", "-private-key", StringComparison.Ordinal))),
            "source-id-key" or "code-key" => folder.Keep(name, () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))),
            _ when name.EndsWith("-folder", StringComparison.Ordinal) => Directory.CreateDirectory(folder.In(name)).FullName,
            _ when parameter.Secret => folder.Keep(name, ServerProcess.NewPassword),
            _ => throw new LocalRunException($"The parameter '{name}' has no value: set Parameters__{name.Replace('-', '_')}."),
        };
    }

    private string? Given(string name) =>
        given.GetValueOrDefault(name) ?? Environment.GetEnvironmentVariable($"Parameters__{name}") ?? Environment.GetEnvironmentVariable($"Parameters__{name.Replace('-', '_')}");

    /// <summary>Base64 of a PKCS#8 EC P-256 private key.</summary>
    private string KeyPair(string name) => Given(name) ?? folder.Keep(name, () =>
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Convert.ToBase64String(key.ExportPkcs8PrivateKey());
    });

    /// <summary>Base64 of the SubjectPublicKeyInfo.</summary>
    private static string PublicKeyOf(string privateKey)
    {
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(Convert.FromBase64String(privateKey), out _);
        return Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
    }
}
