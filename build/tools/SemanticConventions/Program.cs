using PandaProbe.Tools.SemanticConventions;

if (args is not [var model, var version, var target])
{
    Console.Error.WriteLine("Usage: SemanticConventions <model folder> <version> <target>");
    return 2;
}

string[] lines = [$"version {version}", .. Model.Read(model).Table(), .. Schemas.Table(model)];
File.WriteAllText(target, string.Join('\n', lines) + "\n");
Console.WriteLine($"{lines.Length} lines");
return 0;
