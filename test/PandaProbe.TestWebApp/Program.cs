using PandaProbe;
using PandaProbe.TestWebApp;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddPandaProbe();
var app = builder.Build();

app.MapGet("/", () =>
{
    using TraceScope trace = Probe.StartTrace("hello");
    return "Hello World!";
});

Peer.Map(app);
app.Run();
