using PatientHub.PostalFallback.Tests.Support;

[assembly: AssemblyFixture(typeof(Servers))]
