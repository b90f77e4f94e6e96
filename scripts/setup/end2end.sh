#!/usr/bin/env bash
# Installs what the browser tests need from npm: Playwright and axe (10 seconds, once per lock file and machine).
# All clones share one folder in the cache; end2end/node_modules is a link to it.
. "$(dirname "$0")/../environment.sh"

lock=$(sha256sum end2end/package-lock.json | cut -c 1-16)
shared=$CACHE/end2end-$lock
[ "$(readlink end2end/node_modules 2>/dev/null)" = "$shared/node_modules" ] && [ -d "$shared/node_modules" ] && exit 0

if [ ! -d "$shared" ]; then
  say "Installing Playwright and axe for the browser tests (10 seconds)"
  temporary=$(mktemp -d "$CACHE/end2end.XXXXXX")
  trap 'rm -rf "$temporary"' EXIT
  cp end2end/package.json end2end/package-lock.json end2end/.npmrc "$temporary/"
  (cd "$temporary" && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --silent --no-audit --no-fund) ||
    fail "npm could not install the packages of end2end/package-lock.json."
  mv -T "$temporary" "$shared" 2>/dev/null || [ -d "$shared" ]
fi
rm -rf end2end/node_modules
ln -s "$shared/node_modules" end2end/node_modules
