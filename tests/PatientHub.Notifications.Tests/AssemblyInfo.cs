using PatientHub.Testing;

// Each class has a broker's virtual host, a database and a service of its own; one after the other leaves the machine some air.
[assembly: CollectionBehavior(CollectionBehavior.CollectionPerAssembly)]
[assembly: AssemblyFixture(typeof(RabbitMqServer))]
[assembly: AssemblyFixture(typeof(PostgresServer))]
