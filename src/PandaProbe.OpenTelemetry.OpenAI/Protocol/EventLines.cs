using System.Buffers;

namespace PandaProbe.OpenAI.Protocol;

/// <summary>Splits a stream of server-sent events into the data of its events. An event may span several chunks of bytes.</summary>
internal sealed class EventLines
{
    private readonly ArrayBufferWriter<byte> _line = new(256);
    private readonly ArrayBufferWriter<byte> _data = new(1024);

    /// <summary>Calls <paramref name="onData"/> with the data of each complete event.</summary>
    public void Feed(ReadOnlySpan<byte> bytes, Action<ReadOnlyMemory<byte>> onData)
    {
        while (!bytes.IsEmpty)
        {
            int end = bytes.IndexOf((byte)'\n');
            if (end < 0)
            {
                _line.Write(bytes);
                return;
            }

            _line.Write(bytes[..end]);
            bytes = bytes[(end + 1)..];
            TakeLine(onData);
        }
    }

    private void TakeLine(Action<ReadOnlyMemory<byte>> onData)
    {
        ReadOnlySpan<byte> line = _line.WrittenSpan.TrimEnd((byte)'\r');
        if (line.IsEmpty)
        {
            if (_data.WrittenCount > 0)
                onData(_data.WrittenMemory);
            _data.ResetWrittenCount();
        }
        else if (line.StartsWith("data:"u8))
        {
            if (_data.WrittenCount > 0)
                _data.Write("\n"u8);
            line = line["data:"u8.Length..];
            _data.Write(line.StartsWith(" "u8) ? line[1..] : line);
        }

        _line.ResetWrittenCount();
    }
}
