#!/usr/bin/env bash
# `make dev`: serves the demo and rebuilds and reloads on every saved file.
. "$(dirname "$0")/environment.sh"

"$ROOT/scripts/setup.sh" run
use_wasm_toolchain
# cargo-leptos writes target/site itself from here on; without COUNTERSIGN_SITE the program reads it from there.
rm -f "$ROOT/target/site.built"
unset COUNTERSIGN_SITE
exec cargo leptos watch -- serve --demo
