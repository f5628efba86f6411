using System.Diagnostics.CodeAnalysis;

namespace PandaProbe.Tests;

public sealed class PublicApiRenderingTests
{
    [Fact]
    public void Every_kind_of_member_is_one_readable_line() => string.Join("\n", PublicApi.Of([typeof(Everything<,>), typeof(Shade), typeof(Ask<>)]).Select(Shorten)).ShouldBe("""
        public delegate T? Ask<T>(in int number, out string? answer) where T : class
        public abstract class Everything<T, U> : System.IDisposable where T : notnull where U : class?, new()
        [Obsolete("Use \"Other\".", false)] public static string? Everything<T, U>.Old(string name = "a\nb", int? count = null, Shade shade = (Shade)2, System.TimeSpan time = default)
        [RequiresUnreferencedCode("reflects")] public virtual ref readonly int Everything<T, U>.Find(ref T key, params string?[]? names)
        protected Everything<T, U>(System.Collections.Generic.IReadOnlyDictionary<string, object?>? values)
        public System.Collections.Generic.List<T?> Everything<T, U>.Items { get; protected set; }
        public abstract System.Threading.Tasks.Task<V> Everything<T, U>.Get<V>(T key) where V : struct
        public const string Everything<T, U>.Name = "every\\thing"
        public event System.EventHandler<string?>? Everything<T, U>.Changed
        public override string Everything<T, U>.ToString()
        public required string Everything<T, U>.Title { get; init; }
        public void Everything<T, U>.Dispose()
        [Flags] public enum Shade : byte
        Shade.Dark = 2
        Shade.Light = 1
        """, StringCompareShould.IgnoreLineEndings);

    private static string Shorten(string line) => line.Replace($"{typeof(PublicApiRenderingTests).FullName}.", "");

    public delegate T? Ask<T>(in int number, out string? answer)
        where T : class;

    [Flags]
    public enum Shade : byte
    {
        Light = 1,
        Dark = 2,
    }

    public abstract class Everything<T, U> : IDisposable
        where T : notnull
        where U : class?, new()
    {
        public const string Name = "every\\thing";
        private int _number;

        protected Everything(IReadOnlyDictionary<string, object?>? values) => _number = values?.Count ?? 0;

        internal Everything()
        {
        }

        public event EventHandler<string?>? Changed;

        public required string Title { get; init; }

        public List<T?> Items { get; protected set; } = [];

        [Obsolete("Use \"Other\".", false)]
        public static string? Old(string name = "a\nb", int? count = null, Shade shade = Shade.Dark, TimeSpan time = default) => null;

        [RequiresUnreferencedCode("reflects")]
        public virtual ref readonly int Find(ref T key, params string?[]? names) => ref _number;

        public abstract Task<V> Get<V>(T key)
            where V : struct;

        public void Dispose() => Changed?.Invoke(this, null);

        public override string ToString() => Name;

        private protected void Hidden()
        {
        }
    }
}
