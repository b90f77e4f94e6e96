#!/usr/bin/env bash
# Installs the mail server that the tests send letters to, PyPI's aiosmtpd (10 seconds, once per machine), and openssl for its
# certificate. A Python of its own has it: aiosmtpd-VERSION/bin/python among the tools.
. "$(dirname "$0")/../environment.sh"

folder=$TOOLS/aiosmtpd-$AIOSMTPD_VERSION
python=$folder/bin/python
have openssl || "$ROOT/scripts/setup/debian.sh" openssl
[ -x "$python" ] && "$python" -c 'import aiosmtpd.smtp' 2>/dev/null && exit 0

# Debian's python3 comes without venv and pip.
base=python3
$base -c 'import ensurepip, venv' 2>/dev/null || {
  "$ROOT/scripts/setup/debian.sh" python3-venv
  base=/usr/bin/python3
}

say "Installing aiosmtpd $AIOSMTPD_VERSION, the mail server for the tests (10 seconds)"
# A virtual environment knows its own place, so it is made there, and away again if it is not whole.
rm -rf "$folder"
trap '[ -e "$folder/whole" ] || rm -rf "$folder"' EXIT
$base -m venv "$folder"
"$folder/bin/pip" install --quiet --disable-pip-version-check --no-deps \
  "aiosmtpd==$AIOSMTPD_VERSION" "atpublic==$ATPUBLIC_VERSION" "attrs==$ATTRS_VERSION" ||
  fail "aiosmtpd $AIOSMTPD_VERSION could not be installed from PyPI."
"$python" -c 'import aiosmtpd.smtp' || fail "aiosmtpd from PyPI does not run on this machine's Python."
touch "$folder/whole"
