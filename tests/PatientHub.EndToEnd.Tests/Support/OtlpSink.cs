using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PatientHub.EndToEnd.Tests.Support;

/// <summary>A span as the sink needs it: who, in which trace, what.</summary>
public sealed record Span(string Service, string TraceId, string Name);

/// <summary>Takes what the processes export (OTLP over HTTP, protobuf) and keeps every byte of it, as an operator's backend would.</summary>
public sealed class OtlpSink : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Signal, byte[] Body)> _bodies = new();

    private OtlpSink(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    public static async Task<OtlpSink> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var sink = new OtlpSink(app);
        app.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            sink._bodies.Enqueue((signal, body.ToArray()));
            return Results.Bytes([], "application/x-protobuf");
        });
        await app.StartAsync();
        return sink;
    }

    /// <summary>Whether any signal of any process carries this text.</summary>
    public bool Contains(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return _bodies.Any(body => body.Body.AsSpan().IndexOf(bytes) >= 0);
    }

    public bool Has(string signal) => _bodies.Any(body => body.Signal == signal);

    /// <summary>All spans so far (opentelemetry-proto, ExportTraceServiceRequest).</summary>
    public List<Span> Spans()
    {
        var spans = new List<Span>();
        foreach (var (_, body) in _bodies.Where(body => body.Signal == "traces"))
            foreach (var resourceSpans in Protobuf.Messages(body, 1))
            {
                var service = Protobuf.Messages(resourceSpans, 1).SelectMany(resource => Protobuf.Messages(resource, 1))
                    .Where(attribute => Protobuf.Text(attribute, 1) == "service.name")
                    .SelectMany(attribute => Protobuf.Messages(attribute, 2)).Select(value => Protobuf.Text(value, 1)).FirstOrDefault() ?? "";
                foreach (var span in Protobuf.Messages(resourceSpans, 2).SelectMany(scope => Protobuf.Messages(scope, 2)))
                    spans.Add(new Span(service, Convert.ToHexStringLower(Protobuf.Messages(span, 1).First().Span), Protobuf.Text(span, 5)));
            }

        return spans;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>Just enough of protobuf's wire format: fields with a length.</summary>
    private static class Protobuf
    {
        public static IEnumerable<ReadOnlyMemory<byte>> Messages(ReadOnlyMemory<byte> message, int wanted)
        {
            var at = 0;
            while (at < message.Length)
            {
                var tag = Varint(message.Span, ref at);
                switch (tag & 7)
                {
                    case 0: Varint(message.Span, ref at); break;
                    case 1: at += 8; break;
                    case 5: at += 4; break;
                    case 2:
                        var length = (int)Varint(message.Span, ref at);
                        if ((int)(tag >> 3) == wanted)
                            yield return message.Slice(at, length);
                        at += length;
                        break;
                    default: throw new InvalidDataException("This is not protobuf.");
                }
            }
        }

        public static string Text(ReadOnlyMemory<byte> message, int field) => Messages(message, field).Select(value => Encoding.UTF8.GetString(value.Span)).FirstOrDefault() ?? "";

        private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
        {
            ulong value = 0;
            for (var shift = 0; ; shift += 7)
            {
                var next = bytes[at++];
                value |= (ulong)(next & 0x7F) << shift;
                if (next < 0x80)
                    return value;
            }
        }
    }
}
