#!/usr/bin/env bash
# Builds one program from crates.io into the tools folder. A broken build leaves nothing half-made and goes on where it was.
# Usage: crate.sh NAME VERSION HOW_LONG [cargo install options…]
. "$(dirname "$0")/../environment.sh"

name=$1 version=$2 how_long=$3
shift 3
say "Building $name $version ($how_long)"

# A build driver need not be fast itself: without optimisation and debug information it takes a fifth of the time.
# Outside this folder, because the settings in .cargo/ are for Countersign alone.
cd "$CACHE"
unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS
CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR=$CACHE/build-tools \
  cargo install "$name" --version "=$version" --debug --root "$TOOLS" --force "$@" ||
  fail "$name could not be built (see above). Start again to go on from here."
