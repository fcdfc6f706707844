using PatientHub.Testing;

[assembly: AssemblyFixture(typeof(RedisServer))]
