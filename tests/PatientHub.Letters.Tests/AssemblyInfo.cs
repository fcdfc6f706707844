using PatientHub.Letters.Tests.Support;

[assembly: AssemblyFixture(typeof(RunningLetters))]
