using PatientHub.AppHost.Local;

// A system small enough to test the engine with. Three roles in one program:
//   --migrate            ends well, or with 3 if TINY_MIGRATION is "fails"
//   host [options]       describes a system of one service and one careless program, and runs it
//   (nothing)            a service: health, its environment, and a way to crash
if (args.Contains("--migrate"))
{
    Console.WriteLine("migrating");
    if (Environment.GetEnvironmentVariable("TINY_MIGRATION") == "fails")
    {
        Console.Error.WriteLine("column missing");
        return 3;
    }
    return 0;
}

if (args is ["host", .. var options])
{
    var builder = DistributedApplication.CreateBuilder(options);
    var redis = builder.AddRedis("redis");
    builder.AddProject("tiny", "PatientHub.AppHost.Tiny.csproj").WithHttpEndpoint().WithHttpHealthCheck("/health").WithReference(redis).WaitFor(redis);
    // Starts something in a session of its own: the kernel does not end that one together with us.
    builder.AddExecutable("careless", "/bin/sh", ".", "-c", "setsid sleep 600 & wait");
    builder.Build().Run();
    return Environment.ExitCode;
}

var app = WebApplication.Create(args);
app.MapGet("/health", () => "healthy");
app.MapGet("/env", () => Environment.GetEnvironmentVariables());
app.MapPost("/crash", () =>
{
    Console.WriteLine("about to lose my mind");
    Environment.Exit(7);
});
await app.RunAsync();
return 0;
