namespace PandaProbe.Export.Writing;

/// <summary>Where the fields of one message stand in the JSON text, and which parts are its own.</summary>
internal struct MessageHead
{
    public Range Role;
    public Range Name;
    public Range Content;
    public Range ToolCalls;
    public Range ToolCallId;
    public int FirstPart;
    public int PartCount;
}
