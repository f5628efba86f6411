namespace PandaProbe.Testing.Cassettes;

/// <summary>The file as people read it.</summary>
public sealed class CassetteFileTests
{
    [Fact]
    public async Task A_call_and_a_stream_read_well()
    {
        using CassetteFolder folder = new();
        await using (WireServer server = await WireServer.StartAsync(context => context.Request.Path == "/stream"
            ? WireServer.WriteEventsAsync(context, ["event: start\ndata: {\"text\":\"Zürich\"}\n\n", ": ping\n\n", "data: [DONE]\n\n"])
            : WireServer.WriteJsonAsync(context, """{"answer":{"text":"Paris."}}""")))
        {
            using Cassette cassette = folder.Record();
            using HttpClient client = cassette.CreateHttpClient();
            await HttpWire.PostAsync(client, server.Address, """{"model":"m","input":"Which city\nis it?"}""", "/answer");
            await HttpWire.PostAsync(client, server.Address, """{"stream":true}""", "/stream");
        }

        folder.Text.ShouldBe("""
            {
              "cassette": 1,
              "recordings": [
                {
                  "request": {
                    "method": "POST",
                    "path": "/answer",
                    "body": {
                      "input": "Which city\nis it?",
                      "model": "m"
                    }
                  },
                  "response": {
                    "status": 200,
                    "headers": {
                      "Content-Type": "application/json"
                    },
                    "json": {
                      "answer": {
                        "text": "Paris."
                      }
                    }
                  }
                },
                {
                  "request": {
                    "method": "POST",
                    "path": "/stream",
                    "body": {
                      "stream": true
                    }
                  },
                  "response": {
                    "status": 200,
                    "headers": {
                      "Content-Type": "text/event-stream"
                    },
                    "events": [
                      {"event":"start","data":{"text":"Zürich"}},
                      ": ping\n\n",
                      "data: [DONE]\n\n"
                    ]
                  }
                }
              ]
            }

            """);
    }
}
