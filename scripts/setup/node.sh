#!/usr/bin/env bash
# Makes sure that node and npm are here (a minute, once per machine).
. "$(dirname "$0")/../environment.sh"

have node || "$ROOT/scripts/setup/debian.sh" nodejs
have npm || "$ROOT/scripts/setup/debian.sh" npm
