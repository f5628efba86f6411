namespace PandaProbe.Export.Writing;

/// <summary>Where the fields of one part of a message stand in its JSON text. A field that is not there has the default range.</summary>
internal struct MessagePart
{
    public Range Whole;
    public Range Type;
    public Range Content;
    public Range Id;
    public Range Name;
    public Range Arguments;
    public Range Response;
    public Range Uri;
    public Range FileId;
    public Range MimeType;
    public Range Modality;
}
