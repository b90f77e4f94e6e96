#!/usr/bin/env bash
# `make bench`: measures the release program and writes docs/benchmarks.md (see bench/): pages, a million people in the list, encrypted
# and by SCIM, people in and out, the trail, signing in, a first visit, memory and sizes. Half an hour and more on two cores, once the
# program is built. What is said behind it goes to the measurements, such as `scripts/bench.sh --only footing`.
. "$(dirname "$0")/environment.sh"
. "$ROOT/scripts/postgres/programs.sh"

"$ROOT/scripts/setup.sh" build
"$ROOT/scripts/setup.sh" test
program=$("$ROOT/scripts/build.sh" release | tail -n 1)
use_wasm_toolchain
cargo build --release --package bench

postgres=$(mktemp -d)
trap '"$ROOT/scripts/postgres.sh" remove "$postgres/server"; rm -rf "$postgres"' EXIT
url=$("$ROOT/scripts/postgres.sh" start "$postgres/server")
PATH=$(postgres_programs):$PATH
# The throw-away server spares the disk. A measured one keeps what it acknowledged, as PostgreSQL does by default.
for setting in fsync synchronous_commit full_page_writes; do
  psql --no-psqlrc --quiet --command "alter system set $setting = on" "$url"
done
# As its manual advises, it may keep more in memory than the 128 MB it begins with; that is read at the start only.
psql --no-psqlrc --quiet --command "alter system set max_wal_size = '1GB'" --command "alter system set shared_buffers = '1GB'" "$url"
url=$("$ROOT/scripts/postgres.sh" restart "$postgres/server")
"$TARGET/release/bench" measure --program "$program" --postgres "$url" "$@"
