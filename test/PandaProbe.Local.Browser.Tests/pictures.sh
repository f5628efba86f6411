#!/usr/bin/env bash
# Takes pictures of all pages of the local viewer, light and dark, from the traces of the examples: pictures.sh [directory]
set -euo pipefail
cd "$(dirname "$0")/../.."
directory=$(realpath -m "${1:-artifacts/pictures}")
for example in Quickstart Decorators MultiTurnSession Streaming; do
  dotnet build "examples/$example" -c Release -v q
done
PANDAPROBE_PICTURES="$directory" dotnet test test/PandaProbe.Local.Browser.Tests -c Release --filter "FullyQualifiedName~Pictures"
echo "The pictures are in $directory."
