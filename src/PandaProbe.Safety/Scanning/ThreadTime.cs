using System.Runtime.InteropServices;

namespace PandaProbe.Safety.Scanning;

/// <summary>Reads how much processor time the calling thread has used. .NET tells it of processes only.</summary>
internal static partial class ThreadTime
{
    // CLOCK_THREAD_CPUTIME_ID in time.h.
    private const int ClockOfLinux = 3;
    private const int ClockOfMacOS = 16;

    /// <summary>Gets the time; <see langword="null"/> where the system does not tell.</summary>
    public static TimeSpan? Now
    {
        get
        {
            try
            {
                return OperatingSystem.IsWindows() ? OfWindows()
                    : OperatingSystem.IsLinux() || OperatingSystem.IsAndroid() ? OfClock(ClockOfLinux)
                    : OperatingSystem.IsMacOS() || OperatingSystem.IsIOS() ? OfClock(ClockOfMacOS)
                    : null;
            }
            catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
            {
                return null;
            }
        }
    }

    private static TimeSpan? OfClock(int clock) => ReadClock(clock, out ClockTime time) == 0
        ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromTicks(time.Nanoseconds / TimeSpan.NanosecondsPerTick)
        : null;

    private static TimeSpan? OfWindows() => ReadThread(CurrentThread(), out _, out _, out long kernel, out long user) != 0
        ? TimeSpan.FromTicks(kernel + user)
        : null;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ReadClock(int clock, out ClockTime time);

    [LibraryImport("kernel32.dll", EntryPoint = "GetCurrentThread")]
    private static partial nint CurrentThread();

    [LibraryImport("kernel32.dll", EntryPoint = "GetThreadTimes")]
    private static partial int ReadThread(nint thread, out long creation, out long exit, out long kernel, out long user);

    [StructLayout(LayoutKind.Sequential)]
    private struct ClockTime
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
