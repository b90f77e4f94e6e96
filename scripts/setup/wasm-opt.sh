#!/usr/bin/env bash
# Installs wasm-opt, which makes a release's browser part smaller, from npm's binaryen (10 seconds, once per machine).
# Debian's binaryen 108 will not do: it exports the wrong table of wasm-bindgen's, and no script of ours starts.
. "$(dirname "$0")/../environment.sh"

folder=$TOOLS/binaryen-$BINARYEN_VERSION
if [ "$(readlink "$TOOLS/bin/wasm-opt" 2>/dev/null)" = "$folder/wasm-opt" ] && [ -x "$folder/wasm-opt" ]; then exit 0; fi

"$ROOT/scripts/setup/node.sh"
say "Installing wasm-opt from binaryen $BINARYEN_VERSION (10 seconds)"
temporary=$(mktemp -d "$TOOLS/binaryen.XXXXXX")
trap 'rm -rf "$temporary"' EXIT
npm install --silent --ignore-scripts --no-audit --no-fund --no-package-lock --prefix "$temporary" "binaryen@$BINARYEN_VERSION" ||
  fail "binaryen $BINARYEN_VERSION could not be installed from npm."
# One program of the ten, and the file that says how node must read it.
mkdir "$temporary/only"
mv "$temporary"/node_modules/binaryen/bin/{wasm-opt,package.json} "$temporary/only/"
"$temporary/only/wasm-opt" --version >/dev/null || fail "wasm-opt from npm does not run with node $(node --version)."
rm -rf "$folder"
mv "$temporary/only" "$folder"
ln -sfn "$folder/wasm-opt" "$TOOLS/bin/wasm-opt"
