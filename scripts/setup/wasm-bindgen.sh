#!/usr/bin/env bash
# Installs the wasm-bindgen program in the very version that Cargo.toml pins (about a minute, once per machine).
. "$(dirname "$0")/../environment.sh"

[ -n "$WASM_BINDGEN_VERSION" ] || fail "Cargo.toml does not pin wasm-bindgen as wasm-bindgen = \"=x.y.z\"."
if have wasm-bindgen; then
  [ "$(wasm-bindgen --version 2>/dev/null)" = "wasm-bindgen $WASM_BINDGEN_VERSION" ] && exit 0
fi

"$ROOT/scripts/setup/crate.sh" wasm-bindgen-cli "$WASM_BINDGEN_VERSION" 'about a minute'
