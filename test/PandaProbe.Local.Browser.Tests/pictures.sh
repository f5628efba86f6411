#!/usr/bin/env bash
# Takes pictures of all pages of the local viewer, light and dark, from 400 pixels to 4K: pictures.sh [directory]
# The traces are those of the examples and of a travel agent. Four of the pictures are the README's.
set -euo pipefail
cd "$(dirname "$0")/../.."
directory=$(realpath -m "${1:-artifacts/pictures}")
for example in Quickstart Decorators MultiTurnSession Streaming; do
  dotnet build "examples/$example" -c Release -v q
done
PANDAPROBE_PICTURES="$directory" dotnet test test/PandaProbe.Local.Browser.Tests -c Release --filter "FullyQualifiedName~Tests.Pictures."
for name in trace conversation; do
  taken=$directory/${name/trace/trace-messages}-1280
  cp "$taken-light.png" "src/PandaProbe.Local/pictures/$name.png"
  cp "$taken-dark.png" "src/PandaProbe.Local/pictures/$name-dark.png"
done
echo "The pictures are in $directory."
