#!/usr/bin/env bash
# Makes sure that a Chromium is here for the browser tests (a minute, 100 MB, once per machine).
. "$(dirname "$0")/../environment.sh"

for name in chromium chromium-browser google-chrome; do have "$name" && exit 0; done
"$ROOT/scripts/setup/debian.sh" chromium fonts-liberation
