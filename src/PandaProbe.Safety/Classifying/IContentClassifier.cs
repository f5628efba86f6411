namespace PandaProbe.Safety;

/// <summary>Judges a text by a model: what phrases and structure do not show. Called on several threads at once.</summary>
/// <remarks>Wrap it in a <see cref="BoundedClassifier"/>, so that a slow model holds nothing up and uses bounded memory.</remarks>
public interface IContentClassifier
{
    /// <summary>Judges a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="cancellationToken">Ends the call when its answer is no longer wanted.</param>
    /// <returns>The verdict.</returns>
    ValueTask<ContentVerdict> ClassifyAsync(string text, CancellationToken cancellationToken = default);
}
