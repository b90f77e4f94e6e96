#!/usr/bin/env bash
# A throw-away PostgreSQL for tests, on a free loopback port, in a folder of its own. PostgreSQL refuses to run as root,
# so root runs it as the user `postgres` (or `nobody`).
#   postgres.sh start DIR     makes it where needed, starts it, prints its URL (a role that may create databases)
#   postgres.sh stop DIR      stops it at once, keeps its data
#   postgres.sh restart DIR   stops and starts it on the same port, prints its URL
#   postgres.sh remove DIR    stops it and removes the folder
. "$(dirname "$0")/environment.sh"
. "$ROOT/scripts/postgres/programs.sh"

usage() { sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2; }
[ $# = 2 ] || usage
verb=$1 folder=$2
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
programs=$(postgres_programs) || fail "no PostgreSQL $POSTGRES_OLDEST or newer is here; scripts/setup.sh test installs one."

account=$(id -un)
if [ "$(id -u)" = 0 ]; then
  account=nobody
  id postgres >/dev/null 2>&1 && account=postgres
fi
# Runs a command as the account the server runs under, from a folder it may read.
as_account() {
  if [ "$(id -u)" = 0 ]; then (cd / && setpriv --reuid "$account" --regid "$(id -gn "$account")" --clear-groups -- "$@")
  else "$@"; fi
}

# The data live in DIR; but root's account may not reach into DIR, so there they live beside, and DIR remembers where.
data=$folder/data
if [ "$(id -u)" = 0 ]; then
  [ -s "$folder/data-is-in" ] || mktemp -d /tmp/countersign-postgres.XXXXXX >"$folder/data-is-in"
  data=$(cat "$folder/data-is-in")
fi

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

create() {
  install -d -m 700 -o "$account" "$data"
  as_account "$programs/initdb" -D "$data" -U postgres --auth trust --encoding UTF8 --locale C.UTF-8 --no-sync \
    >"$folder/initdb.log" 2>&1 || { cat "$folder/initdb.log" >&2; fail "initdb did not work."; }
  # Nothing here outlives the machine: no waiting for the disk, room for many connections at once. What was acknowledged does
  # outlive the server, which some tests stop at once.
  as_account tee -a "$data/postgresql.conf" >/dev/null <<'CONF'
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 300
shared_buffers = 128MB
fsync = off
full_page_writes = off
autovacuum_naptime = 5s
max_wal_size = 2GB
log_min_messages = fatal
CONF
}

running() { [ -s "$data/postmaster.pid" ] && as_account "$programs/pg_ctl" -D "$data" status >/dev/null 2>&1; }

start() {
  [ -s "$data/PG_VERSION" ] || create
  if ! running; then
    local try
    for try in 1 2 3 4 5; do
      [ -s "$folder/port" ] || free_port >"$folder/port"
      # Its words go to a file: a background server that holds our output open would keep callers waiting.
      as_account "$programs/pg_ctl" -D "$data" -o "-p $(cat "$folder/port")" -w -t 30 -l "$data/log" start \
        >"$folder/start.log" 2>&1 </dev/null && break
      [ "$try" = 5 ] && { cat "$folder/start.log" "$data/log" >&2; fail "PostgreSQL did not start."; }
      # Another program took the port meanwhile: a new folder takes another, a known one waits for its own.
      if [ -e "$folder/started" ]; then sleep 1; else rm -f "$folder/port"; fi
    done
  fi
  touch "$folder/started"
  echo "postgres://postgres@127.0.0.1:$(cat "$folder/port")/postgres"
}

stop() {
  if running; then as_account "$programs/pg_ctl" -D "$data" -m immediate -w -t 30 stop >/dev/null </dev/null; fi
}

case $verb in
  start) start ;;
  stop) stop ;;
  restart) stop && start ;;
  remove) stop && rm -rf "$data" "$folder" ;;
  *) usage ;;
esac
