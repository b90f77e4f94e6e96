# What every script stands on: where things are, which tools come first, how a script speaks. Sourced, never run.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"

# Tools are shared by all clones on this machine; nothing in here is precious.
CACHE=${COUNTERSIGN_CACHE:-$HOME/.cache/countersign}
TOOLS=$CACHE/tools
STAMPS=$CACHE/stamps
mkdir -p "$TOOLS/bin" "$STAMPS"

TARGET=${CARGO_TARGET_DIR:-$ROOT/target}
SITE=$ROOT/target/site

# Our pinned tools come first, then rustup's cargo, then the machine's own.
[ -d "${CARGO_HOME:-$HOME/.cargo}/bin" ] && PATH=${CARGO_HOME:-$HOME/.cargo}/bin:$PATH
export PATH=$TOOLS/bin:$PATH

# shellcheck source=scripts/versions.sh
. "$ROOT/scripts/versions.sh"

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
fail() {
  printf '\033[1;31mStopped:\033[0m %s\n' "$*" >&2
  exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# as_root COMMAND…: runs it as root, with sudo when we are not root; fails in words when neither is possible.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif have sudo; then
    sudo "$@"
  else
    fail "this needs root: $*
  Run it as root once, or install sudo, then start again."
  fi
}

# took SECONDS: a duration as people say it.
took() { if [ "$1" -lt 60 ]; then printf '%ds' "$1"; else printf '%dm%02ds' $(($1 / 60)) $(($1 % 60)); fi; }

# Where rustup cannot give the wasm target, scripts/setup/wasm.sh links Debian's Rust as the toolchain `countersign`.
# Its decision is kept for each Rust version and each wish in WASM_VIA.
wasm_stamp() {
  local rust
  rust=$(rustc --version 2>/dev/null) || return 1
  printf '%s/wasm-%s-%s' "$STAMPS" "${WASM_VIA:-rustup-first}" "${rust//[^A-Za-z0-9.]/_}"
}

# use_wasm_toolchain: from here on cargo is one that can build the browser's part.
use_wasm_toolchain() {
  local stamp
  stamp=$(wasm_stamp) || fail "no Rust was found. Install it with rustup (see README.md), then start again."
  if [ "$(cat "$stamp" 2>/dev/null)" = debian ]; then export RUSTUP_TOOLCHAIN=countersign; fi
}
