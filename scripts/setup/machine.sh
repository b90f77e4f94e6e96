#!/usr/bin/env bash
# Makes sure that the machine has what everything else needs: Rust, a C compiler, make, git, Python 3.
. "$(dirname "$0")/../environment.sh"

have cargo && have rustc || fail "no Rust was found.
  Install the stable Rust with rustup (https://rustup.rs), open a new shell, then start again."
needed=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
found=$(rustc --version | cut -d ' ' -f 2)
[ "$(printf '%s\n' "$needed" "$found" | sort -V | head -n 1)" = "$needed" ] ||
  fail "this is Rust $found; Countersign needs $needed or newer: rustup update stable"

packages=()
have cc || packages+=(gcc libc6-dev)
have make || packages+=(make)
have git || packages+=(git)
have python3 || packages+=(python3)
[ ${#packages[@]} = 0 ] || "$ROOT/scripts/setup/debian.sh" "${packages[@]}"
