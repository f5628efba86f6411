using PandaProbe.Values;

namespace PandaProbe.Content;

/// <summary>
/// Collects the pieces of a streamed answer and joins them when somebody reads the answer.
/// </summary>
/// <param name="keeps"><see langword="false"/> to notice the start of the answer and to keep none of its text.</param>
internal sealed class AnswerBuilder(bool keeps)
{
    private readonly List<MessageContent> _messages = [];
    private readonly List<Part> _parts = [];
    private List<ToolCallPieces>? _toolCalls;
    private string _role = "assistant";
    private List<string>? _chunks;
    private bool _reasoning;

    public bool Keeps => keeps;

    /// <summary>Whether the answer has begun.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Begins another message, unless the current one is empty.</summary>
    public void StartMessage(string role)
    {
        CloseMessage(finishReason: null);
        _role = role;
    }

    public void AppendText(string? text) => Append(text, reasoning: false);

    public void AppendReasoning(string? text) => Append(text, reasoning: true);

    public void Add(in Part part)
    {
        if (!Begin())
            return;

        CloseChunks();
        _parts.Add(part);
    }

    /// <summary>Adds a piece of a tool call. The first piece has the name, the following ones have the arguments.</summary>
    public void AppendToolCall(int index, string? id, string? name, string? arguments)
    {
        if (!Begin())
            return;

        CloseChunks();
        _toolCalls ??= [];
        ToolCallPieces? call = _toolCalls.FindLast(known => known.Index == index);

        // Some compatible servers send index 0 for every call. Only the identifiers differ.
        if (call is null || (!string.IsNullOrEmpty(id) && call.Id is not null && call.Id != id))
            _toolCalls.Add(call = new(index));
        if (!string.IsNullOrEmpty(id))
            call.Id = id;
        if (!string.IsNullOrEmpty(name))
            call.Name = name;
        if (!string.IsNullOrEmpty(arguments))
            call.Arguments.Add(arguments);
    }

    public MessageContent[] Build(string? finishReason)
    {
        CloseMessage(finishReason);
        return [.. _messages];
    }

    private void Append(string? text, bool reasoning)
    {
        if (string.IsNullOrEmpty(text) || !Begin())
            return;

        if (_reasoning != reasoning)
            CloseChunks();
        _reasoning = reasoning;
        (_chunks ??= []).Add(text);
    }

    private bool Begin()
    {
        HasBegun = true;
        return keeps;
    }

    private void CloseChunks()
    {
        if (_chunks is null)
            return;

        _parts.Add(_reasoning ? Part.OfReasoning(_chunks) : Part.OfText(_chunks));
        _chunks = null;
    }

    private void CloseMessage(string? finishReason)
    {
        CloseChunks();
        if (_toolCalls is not null)
        {
            foreach (ToolCallPieces call in _toolCalls)
            {
                _parts.Add(Part.ToolCall(
                    call.Id, call.Name, call.Arguments.Count == 0 ? null : new RawJson(string.Concat(call.Arguments))));
            }

            _toolCalls = null;
        }

        if (_parts.Count == 0)
            return;

        _messages.Add(new(_role, [.. _parts], name: null, finishReason));
        _parts.Clear();
    }

    private sealed class ToolCallPieces(int index)
    {
        public int Index => index;

        public string? Id { get; set; }

        public string? Name { get; set; }

        public List<string> Arguments { get; } = [];
    }
}
