#!/usr/bin/env bash
# `make test`: every test there is. Rust's (unit, property, HTTP on SQLite and PostgreSQL, with and without Redis), then journeys in a real browser.
# What a machine cannot run is named in the summary, and is a failure under CI=true.
. "$(dirname "$0")/environment.sh"
. "$ROOT/scripts/test/summary.sh"
. "$ROOT/scripts/test/journeys.sh"

begin=$SECONDS
work=$(mktemp -d)
clean_up() {
  local server
  for server in SQLite PostgreSQL; do "$ROOT/scripts/demo-server.sh" stop "$work/$server" 2>/dev/null || true; done
  [ -z "${provider:-}" ] || kill "$provider" 2>/dev/null || true
  if [ -d "$work/server" ]; then "$ROOT/scripts/postgres.sh" remove "$work/server" || true; fi
  if [ -d "$work/redis" ]; then "$ROOT/scripts/redis.sh" remove "$work/redis" || true; fi
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# attempt NAME COMMAND…: a step whose failure must not end the run. Its answer is kept in NAME.out, its words in NAME.log.
attempt() {
  local name=$1 code=0
  shift
  "$@" >"$work/$name.out" 2>"$work/$name.log" || code=$?
  cat "$work/$name.log" >&2
  return $code
}
# reason NAME: why the step stopped.
reason() { sed -n 's/.*Stopped:[^ ]* //p' "$work/$1.log" | tail -n 1; }

"$ROOT/scripts/setup.sh" run
use_wasm_toolchain

postgres=''
if ! attempt postgres "$ROOT/scripts/setup/postgres.sh"; then
  add 'Everything on PostgreSQL' 0 0 1 "$(reason postgres)"
elif ! attempt server "$ROOT/scripts/postgres.sh" start "$work/server"; then
  add 'Everything on PostgreSQL' 0 0 1 "$(reason server)"
else
  postgres=$(cat "$work/server.out")
  export COUNTERSIGN_TEST_POSTGRES=$postgres
fi

if ! attempt redis-setup "$ROOT/scripts/setup/redis.sh"; then
  add 'Everything with Redis' 0 0 1 "$(reason redis-setup)"
elif ! attempt redis-server "$ROOT/scripts/redis.sh" start "$work/redis"; then
  add 'Everything with Redis' 0 0 1 "$(reason redis-server)"
else
  COUNTERSIGN_TEST_REDIS=$(cat "$work/redis-server.out")
  export COUNTERSIGN_TEST_REDIS
fi

if ! attempt smtp "$ROOT/scripts/setup/smtp.sh"; then
  add 'Everything with a real mail server' 0 0 1 "$(reason smtp)"
else
  export COUNTERSIGN_TEST_SMTP=$TOOLS/aiosmtpd-$AIOSMTPD_VERSION/bin/python
fi

no_browser=''
for step in chromium node end2end; do
  [ -n "$no_browser" ] || attempt "$step" "$ROOT/scripts/setup/$step.sh" || no_browser=$(reason "$step")
done

# The site comes first: it is built into the program, and some tests look at it.
"$ROOT/scripts/site.sh" dev
export COUNTERSIGN_SITE=$SITE

say "Rust's tests (building them takes about 10 minutes the first time)"
started=$SECONDS code=0
cargo test --no-fail-fast 2>&1 | tee "$work/cargo.log" || code=$?
add_cargo "$work/cargo.log"
if [ $code != 0 ] && ! grep -q '^test result: FAILED' "$work/cargo.log"; then
  add 'cargo test' 0 1 0 'it did not build, or ended early (see above)'
fi
say "Rust's tests took $(took $((SECONDS - started)))"

started=$SECONDS
if [ -n "$no_browser" ]; then
  add 'Browser journeys' 0 0 1 "$no_browser"
elif ! program=$("$ROOT/scripts/build.sh" dev | tail -n 1); then
  add 'Browser journeys' 0 1 0 'the program could not be built (see above)'
else
  journeys SQLite
  # How wide a window is makes no difference to an engine.
  if [ -n "$postgres" ]; then
    COUNTERSIGN_DATABASE_URL=$postgres journeys PostgreSQL --grep @both-engines --project 'at a desk' --project 'without JavaScript'
  fi
fi
say "The browser's journeys took $(took $((SECONDS - started)))"

print_summary
echo "Everything took $(took $((SECONDS - begin)))."
echo "$total_passed passed, $total_failed failed"
if [ "$total_failed" != 0 ] || [ "$total_passed" = 0 ]; then exit 1; fi
if [ "$total_not_run" != 0 ] && [ "${CI:-}" = true ]; then exit 1; fi
