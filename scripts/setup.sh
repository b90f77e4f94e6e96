#!/usr/bin/env bash
# Makes this machine ready: `setup.sh run` to build and run, `setup.sh build` for a release, `setup.sh test` for all tests.
# Each step says what it does and about how long it takes, does nothing when it is done, and can be started again.
. "$(dirname "$0")/environment.sh"

goal=${1:-run}
case $goal in
  run) steps='machine wasm cargo-leptos wasm-bindgen tailwind' ;;
  build) steps='machine wasm cargo-leptos wasm-bindgen tailwind wasm-opt' ;;
  test) steps='machine wasm cargo-leptos wasm-bindgen tailwind postgres redis smtp chromium node end2end' ;;
  check) steps='machine wasm lints' ;;
  *) fail "setup.sh knows run, build, test and check, not '$goal'." ;;
esac

begin=$SECONDS
for step in $steps; do
  # One set-up at a time on a machine: a second clone waits for the first one's tools instead of building them again.
  flock "$CACHE/setup.lock" "scripts/setup/$step.sh"
done
[ $((SECONDS - begin)) -lt 3 ] || say "Everything is set up ($(took $((SECONDS - begin))))"
