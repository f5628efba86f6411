namespace PandaProbe.Testing;

/// <summary>Quantiles of the normal distribution and of Student's t. .NET has neither.</summary>
internal static class Quantiles
{
    // Beyond a thousand degrees of freedom t differs from the normal distribution in the third decimal place.
    private const int MostDegrees = 1_000;
    private const int Halvings = 100;

    /// <summary>Returns the value that a standard normal variable stays below with the given probability.</summary>
    public static double Normal(double probability) => Find(probability, 10, NormalDistribution);

    /// <summary>Returns the value that Student's t stays below with the given probability.</summary>
    /// <param name="probability">A probability above one half.</param>
    /// <param name="degrees">Degrees of freedom, at least 1. More than 1,000 count as 1,000, which makes intervals wider.</param>
    public static double StudentT(double probability, int degrees)
    {
        int counted = Math.Clamp(degrees, 1, MostDegrees);
        return Find(probability, 1e6, t => 0.5 + WithinT(t, counted) / 2);
    }

    private static double Find(double probability, double highest, Func<double, double> distribution)
    {
        double low = 0;
        double high = highest;
        for (int i = 0; i < Halvings; i++)
        {
            double middle = (low + high) / 2;
            if (distribution(middle) < probability)
                low = middle;
            else
                high = middle;
        }

        return (low + high) / 2;
    }

    // The series of the normal distribution around 0, which has only positive terms.
    private static double NormalDistribution(double x)
    {
        double term = x;
        double sum = x;
        for (int n = 3; term > sum * 1e-16 && n < 1_000; n += 2)
        {
            term *= x * x / n;
            sum += term;
        }

        return 0.5 + sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
    }

    // The probability that |T| <= t: Abramowitz and Stegun, 26.7.3 and 26.7.4.
    private static double WithinT(double t, int degrees)
    {
        double angle = Math.Atan(t / Math.Sqrt(degrees));
        double sine = Math.Sin(angle);
        double cosine = Math.Cos(angle);
        bool isOdd = degrees % 2 == 1;
        double term = isOdd ? cosine : 1;
        double sum = degrees == 1 ? 0 : term;
        for (int n = isOdd ? 3 : 2; n <= degrees - 2; n += 2)
        {
            term *= cosine * cosine * (n - 1) / n;
            sum += term;
        }

        return isOdd ? 2 / Math.PI * (angle + sine * sum) : sine * sum;
    }
}
