using System.Net;
using System.Text;
using System.Text.Json;

namespace PandaProbe.Testing;

public sealed class ViewerTests
{
    [Fact]
    public async Task A_failure_links_to_the_trace_in_the_viewer_that_runs_and_the_viewer_gets_the_spans()
    {
        using Viewer viewer = new();
        string message;
        using (var capture = ProbeCapture.Start(options => options.ViewerDirectory = viewer.Directory))
        {
            await Support.RunAsync("lookup_order");
            CapturedTrace trace = await capture.WaitForTraceAsync();
            message = Should.Throw<ProbeAssertionException>(() => trace.Tools.Never("lookup_order")).Message;
            message.ShouldEndWith($"The trace in the viewer: {viewer.Address}traces/{trace.TraceId}");
        }

        string received = await viewer.FirstRequest.Task.WaitAsync(TimeSpan.FromSeconds(30));
        received.ShouldStartWith("/v1/traces ");
        received.ShouldContain("lookup_order");
        received.ShouldContain("pandaprobe.run");
    }

    [Fact]
    public async Task A_viewer_that_ended_gets_no_link()
    {
        using Viewer viewer = new();
        viewer.End();
        using var capture = ProbeCapture.Start(options =>
        {
            options.ViewerDirectory = viewer.Directory;
            options.SendToViewer = TestRun.Find(viewer.Directory) is not null;
        });
        await Support.RunAsync("lookup_order");
        CapturedTrace trace = await capture.WaitForTraceAsync();

        TestRun.Find(viewer.Directory).ShouldBeNull();
        Should.Throw<ProbeAssertionException>(() => trace.Tools.Never("lookup_order")).Message.ShouldNotContain("viewer");
    }

    /// <summary>What is known of a viewer from outside: its two files, and a port that takes OTLP.</summary>
    private sealed class Viewer : IDisposable
    {
        private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("pandaprobe-viewer-");
        private readonly HttpListener _listener;
        private readonly FileStream _lock;

        public Viewer()
        {
            (_listener, Address) = Listen();
            _ = AnswerAsync();
            File.WriteAllText(Path.Combine(Directory, "viewer.json"), JsonSerializer.Serialize(new { http = Address.AbsoluteUri }));
            _lock = new(Path.Combine(Directory, "viewer.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }

        public string Directory => _folder.FullName;

        public Uri Address { get; }

        public TaskCompletionSource<string> FirstRequest { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void End() => _lock.Dispose();

        public void Dispose()
        {
            _lock.Dispose();
            _listener.Close();
            _folder.Delete(recursive: true);
        }

        private static (HttpListener Listener, Uri Address) Listen()
        {
            for (int port = 21000 + Environment.ProcessId % 10000; ; port++)
            {
                HttpListener listener = new();
                Uri address = new($"http://localhost:{port}/");
                listener.Prefixes.Add(address.AbsoluteUri);
                try
                {
                    listener.Start();
                    return (listener, address);
                }
                catch (HttpListenerException)
                {
                    listener.Close();
                }
            }
        }

        private async Task AnswerAsync()
        {
            HttpListenerContext context = await _listener.GetContextAsync();
            using MemoryStream body = new();
            await context.Request.InputStream.CopyToAsync(body);
            context.Response.Close();
            FirstRequest.TrySetResult(context.Request.Url!.AbsolutePath + " " + Encoding.UTF8.GetString(body.ToArray()));
        }
    }
}
