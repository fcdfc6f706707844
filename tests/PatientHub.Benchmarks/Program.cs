using PatientHub.Benchmarks;
using PatientHub.Benchmarks.Frame;
using PatientHub.Benchmarks.WholeSystem;

// One of the servers that a measurement starts beside the system.
if (args is [HelperServers.Verb, .. var server])
    return await HelperServers.RunAsync(server);

// One verb for each measurement, "all" for every one. Nothing here is a test: a figure is reported with what it was measured on, and people judge it.
Measurement[] measurements =
[
    new("outbox", "the dispatcher on rows that are there, against raw RabbitMQ.Client  --messages 100000 --pairs 5", OutboxDispatch.RunAsync),
    new("inbox", "a batch consumer with inbox and one upsert, against a MassTransit consumer that does nothing  --messages 50000 --pairs 5", InboxConsume.RunAsync),
    new("path", "the whole way of an event: write, dispatch, consume  --messages 20000 --pairs 5", WholePath.RunAsync),
    new("sweep", "500 due rows claimed out of many waiting ones and out of few, and a pass that finds nothing  --rows 10000000 --pairs 5 --strewn", DueSweep.RunAsync),
    new("retention", "what is over 24 months old goes, while patients read  --rows 1000000 --seconds 10 --letters --notifications --appointments", OldGoes.RunAsync),
    new("enumeration", "can a stranger tell known from unknown details by the answer or its time? (A19)  --pairs 2000 --sends 1", EnumerationTiming.RunAsync),
    new("memory", "resident size of each service at rest  --rest 60", MemoryAtRest.RunAsync),
    new("gateway", "requests per second through the gateway against direct calls and bare YARP  --seconds 5", GatewayThroughput.RunAsync),
    new("telemetry", "requests per second with telemetry against without  --seconds 5", TwoStacks.TelemetryAsync),
    new("collector", "requests per second with the projects' garbage collector against the server's  --seconds 5", TwoStacks.CollectorAsync),
    new("accept", "from an accept to the event in another service, one at a time  --accepts 200", AcceptToConsumer.RunAsync),
    new("campaign", "everybody is invited at once, from FHIR to the providers' acceptance  --appointments 100000 --bundle 100 --at-once 8 --warm 1000 | --limit 3000", Campaign.RunAsync),
    new("codes", "sign-in codes during a campaign  --appointments 100000 --sign-ins 200 --warm 1000", Campaign.CodesAsync),
    new("home", "the home page of patients with many appointments, open loop  --patients 50 --appointments 40 --seconds 30", HomePage.RunAsync),
    new("page", "the signed-in home page against the same page without session, token and telemetry  --appointments 3 --seconds 5", PageAgainstBare.RunAsync),
    new("print", "letters per second from due to handed over  --letters 600 --runs 3", PrintRate.RunAsync),
    new("verify", "latency of a right code at a fixed rate, against a no-op's  --rate 200 --seconds 8", CodeVerify.RunAsync),
];

var chosen = args is ["all", ..] ? measurements : measurements.Where(measurement => measurement.Verb == args.FirstOrDefault()).ToArray();
if (chosen.Length == 0)
{
    Console.Error.WriteLine("usage: dotnet run -c Release --project tests/PatientHub.Benchmarks -- VERB [OPTIONS]");
    foreach (var measurement in measurements)
        Console.Error.WriteLine($"  {measurement.Verb,-12} {measurement.Help}");
    Console.Error.WriteLine($"  {"all",-12} every one of them");
    return 2;
}

var report = new Report();
foreach (var measurement in chosen)
    await measurement.RunAsync(new Options(args[1..]), report);
report.Print();
return 0;
