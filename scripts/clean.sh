#!/usr/bin/env bash
# `make clean`: removes what was built in this clone. The tools in the cache and the demo's data/ stay.
. "$(dirname "$0")/environment.sh"

rm -rf "$ROOT/target" end2end/results
[ -L end2end/node_modules ] && rm -f end2end/node_modules
say "Removed target/. The shared tools stay in $CACHE, the demo's data in data/."
