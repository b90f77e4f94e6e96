#!/usr/bin/env bash
# Installs the named Debian packages that are missing (under a minute for most). Does nothing when all are there.
# Usage: debian.sh PACKAGE…
. "$(dirname "$0")/../environment.sh"

missing=()
for package in "$@"; do
  state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$state" = installed ] || missing+=("$package")
done
[ ${#missing[@]} = 0 ] && exit 0

have apt-get || fail "please install these with your system's package manager, then start again (Debian's names): ${missing[*]}"

install() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold "${missing[@]}"
}

say "Installing from Debian: ${missing[*]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! install >"$log" 2>&1; then
  # The list of packages may be absent or old.
  as_root apt-get update -qq >"$log" 2>&1 || { cat "$log" >&2; fail "apt-get update did not work."; }
  install >"$log" 2>&1 || { tail -n 20 "$log" >&2; fail "apt-get could not install: ${missing[*]}"; }
fi
