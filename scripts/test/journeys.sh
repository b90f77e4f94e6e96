# The browser tests against a demo server of their own. Sourced by scripts/test.sh, which sets work and program.

# The provider that people sign in with, on a port of its own; one for all servers. Sets provider and the program's settings.
start_provider() {
  [ -z "${provider:-}" ] || return 0
  node end2end/support/provider.js >"$work/provider" &
  provider=$!
  for _ in $(seq 50); do
    [ -s "$work/provider" ] && break
    sleep 0.1
  done
  export COUNTERSIGN_OIDC__ACME__NAME=Acme COUNTERSIGN_OIDC__ACME__ISSUER="$(cat "$work/provider")"
  export COUNTERSIGN_OIDC__ACME__CLIENT_ID=countersign COUNTERSIGN_OIDC__ACME__CLIENT_SECRET='a secret of the journeys'
}

# journeys NAME [playwright options…]: the server takes its database from COUNTERSIGN_DATABASE_URL, else SQLite.
journeys() {
  local name=$1 url results=$work/$1.results
  shift
  say "Browser journeys on $name"
  start_provider
  if ! url=$("$ROOT/scripts/demo-server.sh" start "$work/$name" "$program"); then
    add "Browser on $name" 0 1 0 'the demo server did not start (see above)'
    return
  fi

  local code=0
  COUNTERSIGN_URL=$url COUNTERSIGN_DEMO_ACCOUNTS=$work/$name/data/demo-accounts.json COUNTERSIGN_PROGRAM=$program \
    COUNTERSIGN_RESULTS=$results node end2end/node_modules/@playwright/test/cli.js test --config end2end/playwright.config.js "$@" || code=$?

  local suite passed failed not_run again why sum=0 bad=0
  while IFS=$'\t' read -r suite passed failed not_run again; do
    why=''
    [ "$not_run" = 0 ] || why='skipped or not reached'
    [ "$again" = 0 ] || why="$why${why:+; }$again passed at the second try (see above)"
    sum=$((sum + passed + failed)) bad=$((bad + failed))
    add "Browser on $name: $suite" "$passed" "$failed" "$not_run" "$why"
  done < <(cat "$results" 2>/dev/null)
  if [ "$sum" = 0 ] || { [ "$code" != 0 ] && [ "$bad" = 0 ]; }; then
    add "Browser on $name" 0 1 0 "the runner ended with code $code (see above)"
  fi

  if ! "$ROOT/scripts/demo-server.sh" stop "$work/$name"; then
    add "The server on $name stops by itself" 0 1 0 'it did not end within 10 s of SIGTERM'
  fi
  if grep -m 5 'panicked at' "$work/$name/log" >&2; then
    add "The server on $name never panics" 0 1 0 'its log holds a panic (see above)'
  fi
}
