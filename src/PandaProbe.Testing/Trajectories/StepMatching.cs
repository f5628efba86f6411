namespace PandaProbe.Testing;

/// <summary>Finds the largest number of pairs of steps that fit.</summary>
internal static class StepMatching
{
    /// <summary>Returns the partner of each expected step, or -1, so that no two pairs cross: the longest common subsequence.</summary>
    public static int[] InOrder(bool[,] fits)
    {
        int wanted = fits.GetLength(0);
        int made = fits.GetLength(1);
        int[,] best = new int[wanted + 1, made + 1];
        for (int i = wanted - 1; i >= 0; i--)
        {
            for (int j = made - 1; j >= 0; j--)
                best[i, j] = Math.Max(fits[i, j] ? best[i + 1, j + 1] + 1 : 0, Math.Max(best[i + 1, j], best[i, j + 1]));
        }

        int[] partners = new int[wanted];
        int next = 0;
        for (int i = 0; i < wanted; i++)
        {
            partners[i] = -1;
            while (next < made && best[i, next + 1] == best[i, next])
                next++;
            if (next < made && fits[i, next] && best[i, next] == best[i + 1, next + 1] + 1)
                partners[i] = next++;
        }

        return partners;
    }

    /// <summary>
    /// Returns the partner of each expected step, or -1, in any order. A step can fit several: each is given to the one that has no other
    /// choice (augmenting paths).
    /// </summary>
    public static int[] InAnyOrder(bool[,] fits)
    {
        int[] partners = new int[fits.GetLength(0)];
        int[] owners = new int[fits.GetLength(1)];
        Array.Fill(partners, -1);
        Array.Fill(owners, -1);
        for (int i = 0; i < partners.Length; i++)
            TryMatch(i, new bool[owners.Length]);
        return partners;

        bool TryMatch(int i, bool[] seen)
        {
            for (int j = 0; j < owners.Length; j++)
            {
                if (!fits[i, j] || seen[j])
                    continue;

                seen[j] = true;
                if (owners[j] >= 0 && !TryMatch(owners[j], seen))
                    continue;

                owners[j] = i;
                partners[i] = j;
                return true;
            }

            return false;
        }
    }
}
