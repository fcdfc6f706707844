using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("PatientHub.Messaging.Tests")]
[assembly: InternalsVisibleTo("PatientHub.Benchmarks")]
