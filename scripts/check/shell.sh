#!/usr/bin/env bash
# Every shell script can be read by bash, and shellcheck finds nothing where it is installed.
# (Not asked: SC1091, SC2034 and SC2154 are about sourced files; SC2164 about cd, which set -e watches.)
. "$(dirname "$0")/../environment.sh"

mapfile -t scripts < <(git ls-files --cached --others --exclude-standard -- '*.sh' .ci/run)
bad=0
for script in "${scripts[@]}"; do bash -n "$script" || bad=1; done
if have shellcheck; then
  shellcheck --shell bash --severity warning --exclude SC1091,SC2034,SC2154,SC2164 "${scripts[@]}" || bad=1
else
  echo "  shellcheck is not installed: only the grammar was looked at" >&2
fi
exit $bad
