#!/usr/bin/env bash
# Builds the site (the browser's part, the style sheet, static files) into target/site. Usage: site.sh dev|release
# Does nothing when none of its sources changed since the last time. First time: 3 to 5 minutes on two cores.
. "$(dirname "$0")/environment.sh"
use_wasm_toolchain

profile=${1:-dev}
stamp=$ROOT/target/site.built

# Names, sizes and times of everything the site is made of, and by what.
state() {
  echo "$profile $(wasm_stamp) $TAILWIND_VERSION $CARGO_LEPTOS_VERSION $BINARYEN_VERSION $TARGET"
  find Cargo.toml Cargo.lock .cargo app domain frontend style public -type f -printf '%p %s %T@\n' | sort
}

now=$(state | sha256sum)
if [ -s "$SITE/pkg/countersign.wasm" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$now" ]; then exit 0; fi

rm -f "$stamp"
options=(--frontend-only)
[ "$profile" = release ] && options+=(--release)
if [ -d "$TARGET/front" ]; then say "Building the browser's part ($profile)"
else say "Building the browser's part ($profile; the first time 3 to 5 minutes on two cores)"; fi
cargo leptos build "${options[@]}" || fail "the browser's part could not be built (see above)."
[ -s "$SITE/pkg/countersign.wasm" ] || fail "cargo-leptos left no wasm in $SITE/pkg."
# Taken again: building may have written Cargo.lock.
state | sha256sum >"$stamp"
