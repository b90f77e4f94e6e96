#!/usr/bin/env bash
# Gives Rust the target wasm32-unknown-unknown, so that the browser's part can be built.
#
# First road:  rustup target add (seconds).
# Second road: where rustup's host cannot be reached, Debian's Rust and the std's sources come from Debian's packages,
#              the std is built for wasm once (1 to 2 minutes), and the result is linked as rustup's toolchain `countersign`.
# WASM_VIA=debian takes the second road at once, so that it stays tested. What counts is whether a one-line program compiles.
. "$(dirname "$0")/../environment.sh"

target=wasm32-unknown-unknown
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo '#[unsafe(no_mangle)] pub extern "C" fn answer() -> u32 { [40, 2].iter().sum() }' >"$work/trial.rs"

compiles() {
  (cd "$work" && rustc --edition 2024 --target $target --crate-type cdylib -O -o trial.wasm trial.rs) \
    >"$work/trial.log" 2>&1 && [ -s "$work/trial.wasm" ]
}

by_rustup() {
  compiles && return 0
  have rustup || return 1
  say "Adding the $target target with rustup (a few seconds)"
  timeout 120 rustup target add $target >"$work/rustup.log" 2>&1 || {
    tail -n 2 "$work/rustup.log" >&2
    return 1
  }
  compiles
}

# The std is built in a dummy crate: cargo leaves the libraries of std in its deps folder.
build_std() {
  local dummy=$work/dummy
  mkdir -p "$dummy/src"
  cat >"$dummy/Cargo.toml" <<'TOML'
[package]
name = "dummy_of_countersign"
version = "0.0.0"
edition = "2021"
[lib]
crate-type = ["rlib"]
[profile.release]
panic = "abort"
TOML
  echo '#![no_std]' >"$dummy/src/lib.rs"
  (
    cd "$dummy"
    unset RUSTUP_TOOLCHAIN CARGO_TARGET_DIR CARGO_BUILD_RUSTFLAGS CARGO_ENCODED_RUSTFLAGS
    PATH=/usr/bin:/bin RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc RUSTFLAGS=-Cembed-bitcode=yes \
      /usr/bin/cargo build --release -Zbuild-std=std,panic_abort --target $target
  ) || fail "building the standard library for $target did not work (see above)."
  rm -f "$dummy/target/$target/release/deps/"libdummy_of_countersign*
  built=$dummy/target/$target/release/deps
}

by_debian() {
  have apt-get || fail "rustup could not add $target, and this machine has no apt-get for the second road."
  have rustup || fail "this Rust was not installed by rustup and cannot compile for $target.
  Install Rust with rustup, or the package of your system that holds the std for $target, then start again."
  say "Installing Debian's Rust with the sources of its standard library (about a minute, 400 MB)"
  "$ROOT/scripts/setup/debian.sh" rustc-web cargo-web rust-web-src $DEBIAN_LLD

  local host libraries built
  host=$(/usr/bin/rustc -vV | sed -n 's/^host: //p')
  libraries=/usr/lib/rustlib/$target/lib
  RUSTUP_TOOLCHAIN='' rustup toolchain link countersign /usr
  export RUSTUP_TOOLCHAIN=countersign
  as_root mkdir -p "/usr/lib/rustlib/$host/bin"
  as_root ln -sf "/usr/bin/$DEBIAN_LLD" "/usr/lib/rustlib/$host/bin/rust-lld"
  compiles && return 0

  say "Building the standard library for $target (1 to 2 minutes)"
  build_std
  # Copied beside first: a half-made folder must never look whole.
  as_root rm -rf "$libraries.new" "$libraries"
  as_root mkdir -p "$libraries.new"
  as_root cp "$built"/*.rlib "$libraries.new/"
  as_root mv "$libraries.new" "$libraries"
  compiles || {
    cat "$work/trial.log" >&2
    fail "Debian's Rust still cannot compile for $target."
  }
}

stamp=$(wasm_stamp) || fail "no Rust was found. Install it with rustup (see README.md), then start again."
if [ -e "$stamp" ]; then
  if [ "$(cat "$stamp")" = debian ]; then export RUSTUP_TOOLCHAIN=countersign; fi
  compiles && exit 0
fi

case ${WASM_VIA:-} in
  debian) by_debian && echo debian >"$stamp" ;;
  '') if by_rustup; then echo rustup >"$stamp"; else by_debian && echo debian >"$stamp"; fi ;;
  *) fail "WASM_VIA is '$WASM_VIA'; it can be 'debian', or left out." ;;
esac
say "The wasm target is ready (by $(cat "$stamp"))"
