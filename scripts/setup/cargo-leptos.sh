#!/usr/bin/env bash
# Installs cargo-leptos, which drives the build of the browser's part (about 6 minutes on two cores, once per machine).
# An installed cargo-leptos of the same line, as new or newer, is used as it is.
. "$(dirname "$0")/../environment.sh"

# fits VERSION: same major.minor as ours, and at least our patch.
fits() {
  [ "${1%.*}" = "${CARGO_LEPTOS_VERSION%.*}" ] && [ "${1##*.}" -ge "${CARGO_LEPTOS_VERSION##*.}" ]
}

if have cargo-leptos; then
  installed=$(cargo-leptos --version 2>/dev/null | sed -n 's/.* \([0-9.]*\)$/\1/p')
  [ -n "$installed" ] && fits "$installed" && exit 0
fi

"$ROOT/scripts/setup/crate.sh" cargo-leptos "$CARGO_LEPTOS_VERSION" 'about 6 minutes on two cores' \
  --locked --features no_downloads
