namespace PandaProbe.Local.Storing;

/// <summary>What is counted of a trace or a session. A span that only adds up its children is not in it.</summary>
internal struct Sums
{
    public const string Columns =
        "spans, calls, tools, errors, input, output, cache_read, cache_write, reasoning, cost, estimated, unpriced";
    public const int Count = 12;

    public long Spans;
    public long Calls;
    public long Tools;
    public long Errors;
    public long Input;
    public long Output;
    public long CacheRead;
    public long CacheWrite;
    public long Reasoning;
    public double Cost;

    /// <summary>How many calls have a cost that was computed here, from the price book.</summary>
    public long Estimated;

    /// <summary>How many calls have tokens and no known price.</summary>
    public long Unpriced;

    public static Sums operator +(in Sums a, in Sums b) => Add(a, b, 1);

    public static Sums operator -(in Sums a, in Sums b) => Add(a, b, -1);

    public static Sums Read(Statement statement, int column) => new()
    {
        Spans = statement.Long(column),
        Calls = statement.Long(column + 1),
        Tools = statement.Long(column + 2),
        Errors = statement.Long(column + 3),
        Input = statement.Long(column + 4),
        Output = statement.Long(column + 5),
        CacheRead = statement.Long(column + 6),
        CacheWrite = statement.Long(column + 7),
        Reasoning = statement.Long(column + 8),
        Cost = statement.Double(column + 9),
        Estimated = statement.Long(column + 10),
        Unpriced = statement.Long(column + 11),
    };

    public readonly void Bind(Statement statement, int index) => statement
        .Bind(index, Spans).Bind(index + 1, Calls).Bind(index + 2, Tools).Bind(index + 3, Errors).Bind(index + 4, Input)
        .Bind(index + 5, Output)
        .Bind(index + 6, CacheRead).Bind(index + 7, CacheWrite).Bind(index + 8, Reasoning).Bind(index + 9, (double?)Cost)
        .Bind(index + 10, Estimated).Bind(index + 11, Unpriced);

    private static Sums Add(in Sums a, in Sums b, int sign) => new()
    {
        Spans = a.Spans + (sign * b.Spans),
        Calls = a.Calls + (sign * b.Calls),
        Tools = a.Tools + (sign * b.Tools),
        Errors = a.Errors + (sign * b.Errors),
        Input = a.Input + (sign * b.Input),
        Output = a.Output + (sign * b.Output),
        CacheRead = a.CacheRead + (sign * b.CacheRead),
        CacheWrite = a.CacheWrite + (sign * b.CacheWrite),
        Reasoning = a.Reasoning + (sign * b.Reasoning),
        // Adding and taking away again leaves a rest near zero.
        Cost = Math.Abs(a.Cost + (sign * b.Cost)) < 1e-12 ? 0 : a.Cost + (sign * b.Cost),
        Estimated = a.Estimated + (sign * b.Estimated),
        Unpriced = a.Unpriced + (sign * b.Unpriced),
    };
}
