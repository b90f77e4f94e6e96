#!/usr/bin/env bash
# Makes the list of the commonest breached passwords again, from npm's @zxcvbn-ts/language-common at its pinned version.
# The answer to "did it change?" is `git diff`. What the list is, and its licence: server/src/identity/passwords/BREACHED.md.
. "$(dirname "$0")/environment.sh"

list=$ROOT/server/src/identity/passwords/breached.txt
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
package="@zxcvbn-ts/language-common@$BREACHED_VERSION"
say "Making the list of breached passwords from npm's $package"
(cd "$temporary" && npm pack --silent "$package" >/dev/null && tar xzf ./*.tgz) || fail "$package could not be had from npm."

python3 - "$temporary/package/src/passwords.json" "$list" <<'PYTHON'
import json
import sys

source, target = sys.argv[1:]
# What domain/src/password/likeness.rs finds by cutting off a tail of up to four digits and two signs need not be listed twice.
DIGITS, SIGNS, WIDTH = 4, 2, 118


def stems(word):
    digits = signs = 0
    for end in range(len(word) - 1, 0, -1):
        if word[end].isalpha():
            return
        digits, signs = digits + word[end].isdigit(), signs + (not word[end].isdigit())
        if digits > DIGITS or signs > SIGNS:
            return
        yield word[:end]


with open(source, encoding="utf-8") as file:
    words = set(json.load(file))
for word in words:
    if not word.isascii() or not word.isprintable() or " " in word or word != word.lower():
        sys.exit(f"{word!r} is no plain lower-case word: the list changed its kind")
kept = sorted(word for word in words if not any(stem in words for stem in stems(word)))
if len(kept) < 10_000:
    sys.exit(f"only {len(kept)} words: the list changed its kind")

# Each word is a capital that says how many characters it shares with the word before it (A none, B one, …), then the rest.
lines, line, before = [], "", ""
for word in kept:
    shared = next((at for at, (one, other) in enumerate(zip(word, before)) if one != other), min(len(word), len(before)))
    entry = chr(ord("A") + shared) + word[shared:]
    if len(line) + len(entry) > WIDTH:
        lines, line = [*lines, line], ""
    line, before = line + entry, word
with open(target, "w", encoding="ascii") as file:
    file.write("\n".join([*lines, line]) + "\n")
print(f"  {len(words)} passwords, {len(kept)} of them listed, in {sum(map(len, lines)) + len(line) + len(lines) + 1} bytes", file=sys.stderr)
PYTHON
