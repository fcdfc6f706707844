using PatientHub.Identity.Tests.Support;

// Some tests flush or stop Redis under everybody: one at a time.
[assembly: CollectionBehavior(CollectionBehavior.CollectionPerAssembly)]
[assembly: AssemblyFixture(typeof(IdentitySystem))]
