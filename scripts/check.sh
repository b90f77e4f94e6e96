#!/usr/bin/env bash
# `make check`: what a reviewer should not have to say. Formatting, lints, dependencies, files. Runs all, then sums up.
. "$(dirname "$0")/environment.sh"

"$ROOT/scripts/setup.sh" check
use_wasm_toolchain

# Debian's python3 reads TOML and YAML; another python3 that comes first on PATH may not.
python=python3
$python -c 'import tomllib, yaml' 2>/dev/null || python=/usr/bin/python3

rows=()
failed=0
# step NAME COMMAND…
step() {
  local name=$1 begin=$SECONDS verdict=fine
  shift
  say "$name"
  "$@" || { verdict=failed; failed=$((failed + 1)); }
  rows+=("$(printf '%-32s %-8s %s' "$name" "$verdict" "$(took $((SECONDS - begin)))")")
}

dependencies() {
  if have cargo-deny; then cargo deny --offline check licenses bans sources
  else $python scripts/check/dependencies.py; fi
}

step 'Files' $python scripts/check/files.py
step 'Shell scripts' scripts/check/shell.sh
step 'Dockerfile and compose file' $python scripts/check/deploy.py
step 'systemd unit' scripts/check/unit.sh
step 'Dependencies' dependencies
step 'Formatting' cargo fmt --all --check
step 'Lints' cargo clippy --all-targets --quiet -- -D warnings
step 'Lints of the measurements' cargo clippy --package bench --all-targets --quiet -- -D warnings
# In cargo-leptos' folder and profile, so that libraries are looked at and built once.
step "Lints of the browser's part" cargo clippy --package frontend --target wasm32-unknown-unknown \
  --profile wasm-dev --target-dir "$TARGET/front" --quiet -- -D warnings

printf '\n'
printf '%s\n' "${rows[@]}"
printf '\n'
[ $failed = 0 ] || fail "$failed of ${#rows[@]} checks failed."
