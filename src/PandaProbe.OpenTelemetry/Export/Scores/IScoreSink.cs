namespace PandaProbe.Export.Scores;

/// <summary>A living exporter that takes scores.</summary>
internal interface IScoreSink
{
    void Add(ScoreItem score);
}
