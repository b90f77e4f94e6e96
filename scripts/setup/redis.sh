#!/usr/bin/env bash
# Makes sure that a Redis server's program is here for the tests (half a minute, once per machine).
# Only the program: no server is started, now or at boot, and an existing one is left alone.
. "$(dirname "$0")/../environment.sh"

have redis-server && exit 0

# Debian's package would start a server of its own on port 6379; its policy script is how one says no to that.
policy=/usr/sbin/policy-rc.d
if have apt-get && [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
  trap 'as_root rm -f "$policy"' EXIT
  as_root chmod 755 "$policy"
fi
"$ROOT/scripts/setup/debian.sh" redis-server
if have systemctl; then as_root systemctl disable redis-server >/dev/null 2>&1 || true; fi
have redis-server || fail "no redis-server was found after installing it."
