using PatientHub.EndToEnd.Tests.Support;

[assembly: AssemblyFixture(typeof(Hub))]
