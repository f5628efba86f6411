// Tests of exports wait most of their time: for a server's answer, or for a pause between two attempts.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
