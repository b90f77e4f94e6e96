#!/usr/bin/env bash
# `make build`: the release program, one self-contained file.
. "$(dirname "$0")/environment.sh"

begin=$SECONDS
"$ROOT/scripts/setup.sh" build
program=$("$ROOT/scripts/build.sh" release | tail -n 1)
say "$program ($(du -h "$program" | cut -f 1), $(took $((SECONDS - begin)))). Copying this one file is the whole installation."
