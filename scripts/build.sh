#!/usr/bin/env bash
# Builds the whole program with the site inside it. Usage: build.sh dev|release
# First time on two cores: 8 to 12 minutes for dev, 20 for release. Prints the path of the program as its last line.
. "$(dirname "$0")/environment.sh"

profile=${1:-dev}
"$ROOT/scripts/site.sh" "$profile"
use_wasm_toolchain

folder=debug
options=()
if [ "$profile" = release ]; then
  folder=release
  options+=(--release)
fi
if [ ! -d "$TARGET/$folder/deps" ]; then say "Building the server ($profile; the first time 8 to 15 minutes on two cores)"; fi
COUNTERSIGN_SITE=$SITE cargo build --bin countersign "${options[@]}" >&2 || fail "the server could not be built (see above)."
echo "$TARGET/$folder/countersign"
