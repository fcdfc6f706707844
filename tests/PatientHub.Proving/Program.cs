Console.Error.WriteLine("usage: dotnet run --project tests/PatientHub.Proving -- VERB");
return 2;
