#!/usr/bin/env bash
# `make screenshots`: pictures of the demo's pages at desk and phone width, light and dark.
# Usage: screenshots.sh [FOLDER [/page …]]; the folder is target/screenshots when none is named.
. "$(dirname "$0")/environment.sh"

folder=${1:-$ROOT/target/screenshots}
shift || true
"$ROOT/scripts/setup.sh" test
program=$("$ROOT/scripts/build.sh" dev | tail -n 1)

work=$(mktemp -d)
trap '"$ROOT/scripts/demo-server.sh" stop "$work/demo" || true; rm -rf "$work"' EXIT
COUNTERSIGN_URL=$("$ROOT/scripts/demo-server.sh" start "$work/demo" "$program")
export COUNTERSIGN_URL COUNTERSIGN_DEMO_ACCOUNTS=$work/demo/data/demo-accounts.json
node end2end/screenshots.js "$folder" "$@"
