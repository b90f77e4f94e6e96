#!/usr/bin/env bash
# `make run`: sets up, builds, and serves the demo at http://127.0.0.1:3000 with its database in data/.
. "$(dirname "$0")/environment.sh"

begin=$SECONDS
if [ ! -d "$TARGET/debug/deps" ]; then
  say "First run: setting up and building takes 10 to 20 minutes on two cores; afterwards it starts in seconds."
fi
"$ROOT/scripts/setup.sh" run
program=$("$ROOT/scripts/build.sh" dev | tail -n 1)
say "Built ($(took $((SECONDS - begin)))). Starting; Ctrl-C stops it."
exec "$program" serve --demo
