#!/usr/bin/env bash
# A demo server for tests and pictures, on a free loopback port, with its data in a folder of its own.
#   demo-server.sh start DIR PROGRAM   starts it, waits until it is ready, prints its URL
#   demo-server.sh stop DIR            stops it as an operator would (SIGTERM) and fails if it does not end by itself
# COUNTERSIGN_DATABASE_URL chooses the database; without it the server keeps its SQLite in DIR/data.
. "$(dirname "$0")/environment.sh"

verb=${1:-} folder=${2:-}
[ -n "$folder" ] || fail "usage: demo-server.sh start DIR PROGRAM | stop DIR"
mkdir -p "$folder"

ready() {
  python3 - "$1" <<'PYTHON' 2>/dev/null
import sys, urllib.request
sys.exit(urllib.request.urlopen(sys.argv[1] + "/readyz", timeout=2).status != 200)
PYTHON
}

start() {
  local program=$1 port url
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  # By name, not by address: browsers use passkeys at names alone.
  url=http://localhost:$port
  # Many journeys come from one address, and some want a browser that is remembered.
  COUNTERSIGN_LIMITS__LETTERS_PER_IP_PER_HOUR=1000 COUNTERSIGN_LIMITS__FAILED_PER_IP_PER_HOUR=1000 \
    COUNTERSIGN_LIMITS__EXPORT_PER_HOUR=1000 COUNTERSIGN_SECURITY__REMEMBER_DEVICE_DAYS=30 \
    COUNTERSIGN_LISTEN=127.0.0.1:$port COUNTERSIGN_PUBLIC_URL=$url COUNTERSIGN_DATA_DIR=$folder/data \
    nohup "$program" serve --demo >"$folder/log" 2>&1 </dev/null &
  echo $! >"$folder/pid"
  for _ in $(seq 150); do
    if ready "$url"; then
      echo "$url"
      return
    fi
    kill -0 "$(cat "$folder/pid")" 2>/dev/null || break
    sleep 0.2
  done
  tail -n 20 "$folder/log" >&2
  fail "the demo server did not become ready within 30 seconds."
}

stop() {
  local pid
  pid=$(cat "$folder/pid" 2>/dev/null) || return 0
  rm -f "$folder/pid"
  kill -TERM "$pid" 2>/dev/null || return 0
  for _ in $(seq 100); do
    kill -0 "$pid" 2>/dev/null || return 0
    sleep 0.1
  done
  kill -KILL "$pid" 2>/dev/null || true
  fail "the demo server did not stop within 10 seconds of SIGTERM."
}

case $verb in
  start) start "$3" ;;
  stop) stop ;;
  *) fail "demo-server.sh knows start and stop, not '$verb'." ;;
esac
