#!/usr/bin/env python3
"""Looks at every file that is, or would be, in the repository: length, white space, left-overs, secrets, readable TOML, JSON, YAML."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

LONGEST = 400
LIMITED = {".rs", ".ts", ".js", ".css", ".sh", ".py", ".sql"}
WRITTEN_BY_TOOLS = {"Cargo.lock", "package-lock.json"}
# Each pattern is split, so that this file does not find itself.
LEFT_OVERS = re.compile(r"(//|#|/\*|--).*\b(TO" r"DO|FIX" r"ME|XX" r"X)\b|\bdb" r"g!\(|^(<<<<<" r"<<|>>>>>" r">>|=====" r"==$)", re.MULTILINE)
HOMES = re.compile(r"(?<![\w.$}])/(ro" r"ot|home/[a-z][\w-]*|Us" r"ers/\w+)/")
SECRETS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----(\\n|\s)*[A-Za-z0-9+/]{32,}"
    r"|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{30,}|\bxox[abp]-[A-Za-z0-9-]{10,}|\bsk_live_\w{10,}"
)

problems = []


def complain(path, text, offset, what):
    problems.append(f"{path}:{text.count(chr(10), 0, offset) + 1}: {what}")


def check_text(path, text):
    lines = text.split("\n")
    if path.suffix in LIMITED and len(lines) - 1 > LONGEST:
        problems.append(f"{path}: {len(lines) - 1} lines; at most {LONGEST}, so that a file keeps one subject")
    if text and not text.endswith("\n"):
        problems.append(f"{path}: no line end at the end of the file")
    if text.endswith("\n\n"):
        problems.append(f"{path}: empty lines at the end of the file")
    if "\r" in text:
        complain(path, text, text.index("\r"), "a carriage return; lines end with a line feed alone")
    for number, line in enumerate(lines, 1):
        if line != line.rstrip() and path.suffix != ".snap":
            problems.append(f"{path}:{number}: white space at the end of the line")
        if "\t" in line and path.name != "Makefile":
            problems.append(f"{path}:{number}: a tab; indent with spaces")
    for pattern, what in ((LEFT_OVERS, "a left-over"), (HOMES, "a path of one machine"), (SECRETS, "looks like a secret")):
        for found in pattern.finditer(text):
            complain(path, text, found.start(), f"{what}: {found.group(0)[:20]}")


def check_structure(path, text):
    try:
        if path.suffix == ".toml":
            tomllib.loads(text)
        elif path.suffix == ".json":
            json.loads(text)
        elif path.suffix in (".yaml", ".yml"):
            import yaml

            yaml.safe_load(text)
    except ImportError:
        problems.append(f"{path}: cannot be read without Python's yaml (Debian: python3-yaml)")
    except Exception as error:
        problems.append(f"{path}: cannot be read: {error}")


def main():
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], capture_output=True, check=True
    )
    paths = sorted(Path(name) for name in set(listing.stdout.decode().split("\0")) if name)
    looked_at = 0
    for path in paths:
        if not path.is_file() or path.is_symlink() or path.name in WRITTEN_BY_TOOLS:
            continue
        content = path.read_bytes()
        if b"\0" in content:
            continue
        looked_at += 1
        try:
            text = content.decode()
        except UnicodeDecodeError:
            problems.append(f"{path}: is neither UTF-8 text nor binary")
            continue
        check_text(path, text)
        check_structure(path, text)
    for problem in problems:
        print(f"  {problem}")
    print(f"  {looked_at} files looked at", file=sys.stderr)
    sys.exit(bool(problems))


main()
