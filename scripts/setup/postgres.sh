#!/usr/bin/env bash
# Makes sure that a PostgreSQL server's programs are here for the tests (half a minute, once per machine).
# Only the programs: no server is started at boot, and an existing one is left alone.
. "$(dirname "$0")/../environment.sh"
. "$ROOT/scripts/postgres/programs.sh"

postgres_programs >/dev/null && exit 0

# Debian's package would set up and start a server of its own on port 5432; a machine that has none keeps having none.
settings=/etc/postgresql-common/createcluster.conf
if have apt-get && [ ! -e "$settings" ]; then
  as_root mkdir -p "$(dirname "$settings")"
  echo 'create_main_cluster = false' | as_root tee "$settings" >/dev/null
fi
"$ROOT/scripts/setup/debian.sh" "postgresql-$POSTGRES_OLDEST"
postgres_programs >/dev/null || fail "no PostgreSQL $POSTGRES_OLDEST or newer was found after installing it."
