#!/usr/bin/env bash
# `make dev`: serves the demo and rebuilds and reloads on every saved file.
. "$(dirname "$0")/environment.sh"

"$ROOT/scripts/setup.sh" run
use_wasm_toolchain
# cargo-leptos writes target/site itself from here on; without COUNTERSIGN_SITE the program reads it from there.
rm -f "$ROOT/target/site.built"
unset COUNTERSIGN_SITE
# The watcher tells browsers of a saved file once the program listens again: it has to know where.
if [ -n "${COUNTERSIGN_LISTEN:-}" ]; then
  port=${COUNTERSIGN_LISTEN##*:}
  export LEPTOS_SITE_ADDR=$COUNTERSIGN_LISTEN LEPTOS_RELOAD_PORT=${LEPTOS_RELOAD_PORT:-$((port + 1))}
  export COUNTERSIGN_PUBLIC_URL=${COUNTERSIGN_PUBLIC_URL:-http://$COUNTERSIGN_LISTEN}
fi
exec cargo leptos watch -- serve --demo
