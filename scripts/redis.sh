#!/usr/bin/env bash
# A throw-away Redis for tests, on a free loopback port, in a folder of its own. It keeps nothing on disk.
#   redis.sh start DIR     starts it, prints its URL
#   redis.sh stop DIR      ends it between two instructions (kill -9); what it held is gone
#   redis.sh restart DIR   ends and starts it on the same port, prints its URL
#   redis.sh remove DIR    ends it and removes the folder
. "$(dirname "$0")/environment.sh"

usage() { sed -n '2,6s/^# \{0,1\}//p' "$0" >&2; exit 2; }
[ $# = 2 ] || usage
verb=$1 folder=$2
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
have redis-server || fail "no redis-server is here; scripts/setup.sh test installs one."

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# The process that this folder remembers, if it is still the server that was started here.
server() {
  local pid
  pid=$(cat "$folder/pid" 2>/dev/null) || return 1
  [ -n "$pid" ] && tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -q redis-server && echo "$pid"
}

answers() { redis-cli -h 127.0.0.1 -p "$1" ping 2>/dev/null | grep -qx PONG; }

start() {
  local try port
  if ! server >/dev/null; then
    for try in 1 2 3 4 5; do
      [ -s "$folder/port" ] || free_port >"$folder/port"
      port=$(cat "$folder/port")
      # Its words go to a file: a background server that holds our output open would keep callers waiting.
      redis-server --bind 127.0.0.1 --port "$port" --dir "$folder" --save '' --appendonly no \
        --daemonize yes --pidfile "$folder/pid" --logfile "$folder/log" >/dev/null 2>&1 </dev/null || true
      for _ in $(seq 100); do
        if answers "$port" && server >/dev/null; then break 2; fi
        sleep 0.05
      done
      [ "$try" = 5 ] && { cat "$folder/log" >&2; fail "Redis did not start."; }
      # Another program took the port meanwhile: a new folder takes another, a known one waits for its own.
      [ -e "$folder/started" ] || rm -f "$folder/port"
    done
  fi
  touch "$folder/started"
  echo "redis://127.0.0.1:$(cat "$folder/port")"
}

stop() {
  local pid
  pid=$(server) || return 0
  kill -KILL "$pid"
  while server >/dev/null; do sleep 0.02; done
  rm -f "$folder/pid"
}

case $verb in
  start) start ;;
  stop) stop ;;
  restart) stop && start ;;
  remove) stop && rm -rf "$folder" ;;
  *) usage ;;
esac
