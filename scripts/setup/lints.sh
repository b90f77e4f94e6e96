#!/usr/bin/env bash
# Makes sure that rustfmt and clippy are here, and Python's yaml for the file checks (a few seconds, once per machine).
. "$(dirname "$0")/../environment.sh"

/usr/bin/env python3 -c 'import yaml' 2>/dev/null || /usr/bin/python3 -c 'import yaml' 2>/dev/null ||
  "$ROOT/scripts/setup/debian.sh" python3-yaml

use_wasm_toolchain
if cargo fmt --version >/dev/null 2>&1 && cargo clippy --version >/dev/null 2>&1; then exit 0; fi
if [ "${RUSTUP_TOOLCHAIN:-}" = countersign ]; then
  exec "$ROOT/scripts/setup/debian.sh" rustfmt-web rust-web-clippy
fi
say "Adding rustfmt and clippy with rustup (a few seconds)"
timeout 120 rustup component add rustfmt clippy || fail "rustfmt and clippy are missing, and rustup could not add them."
