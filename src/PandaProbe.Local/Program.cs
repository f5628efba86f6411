using PandaProbe.Local.Commands;

#pragma warning disable RS0030 // This is a program: its output is what it is for.
return await CommandLine.RunAsync(args, Console.In, Console.Out, Console.Error);
