namespace PandaProbe.OpenAI;

public enum Outcome
{
    Success,
    ApiError,
    ConnectionError,
    Cancelled,
    Abandoned,
}
