#!/usr/bin/env bash
# Has systemd read the unit. It is not started: that needs a machine that systemd runs.
. "$(dirname "$0")/../environment.sh"

if ! have systemd-analyze; then
  words='the unit was not looked at: there is no systemd-analyze (Debian: systemd)'
  [ -z "${CI:-}" ] || fail "$words"
  say "$words"
  exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# The program is not installed here; anything that can be run stands for it.
sed "s|^ExecStart=/usr/local/bin/countersign |ExecStart=$(command -v true) |" deploy/countersign.service >"$work/countersign.service"
complaints=$(systemd-analyze verify "$work/countersign.service" 2>&1) || fail "deploy/countersign.service: $complaints"
[ -z "$complaints" ] || fail "deploy/countersign.service: $complaints"
