#!/usr/bin/env python3
"""Holds Cargo.lock against deny.toml: licences, banned and doubled crates, sources, wildcards, pins. Needs no network."""

import json
import re
import subprocess
import sys
import tomllib
from collections import defaultdict
from pathlib import Path

problems = []


def licence_fits(expression, allowed):
    """Whether an SPDX expression can be met by allowed licences alone: OR needs one side, AND both."""
    tokens = re.findall(r"\(|\)|[^\s()/]+|/", expression)
    position = 0

    def peek():
        return tokens[position] if position < len(tokens) else None

    def take():
        nonlocal position
        position += 1
        return tokens[position - 1]

    def one():
        if peek() == "(":
            take()
            fits = either()
            take()
            return fits
        name = take()
        if peek() == "WITH":
            take()
            exception = take()
            return f"{name} WITH {exception}" in allowed or name in allowed
        return name in allowed

    def both():
        fits = one()
        while peek() == "AND":
            take()
            fits = one() and fits
        return fits

    def either():
        fits = both()
        # Old manifests write MIT/Apache-2.0 for OR.
        while peek() in ("OR", "/"):
            take()
            fits = both() or fits
        return fits

    return either()


def cargo(*arguments):
    answer = subprocess.run(["cargo", *arguments, "--locked"], capture_output=True, text=True)
    if answer.returncode != 0:
        sys.exit(f"cargo {arguments[0]} did not work: {answer.stderr.strip()}")
    return answer.stdout


def built(metadata):
    """The packages that are built somewhere; Cargo.lock also names optional ones that nothing asks for."""
    tree = cargo("tree", "--workspace", "--target", "all", "--edges", "all", "--prefix", "none", "--format", "{p}")
    found = {tuple(line.split()[:2]) for line in tree.splitlines() if " v" in line}
    return [package for package in metadata["packages"] if (package["name"], f"v{package['version']}") in found]


def check_packages(metadata, policy):
    allowed = set(policy["licenses"]["allow"])
    members = set(metadata["workspace_members"])
    versions = defaultdict(set)
    for package in built(metadata):
        label = f"{package['name']} {package['version']}"
        versions[package["name"]].add(package["version"])
        source = package["source"]
        if source is None and package["id"] not in members:
            problems.append(f"{label} comes from a folder outside of the workspace")
        if source is not None and not source.startswith("registry+"):
            problems.append(f"{label} comes from {source.split('+')[0]}, not from the registry")
        licence = package["license"]
        if not licence:
            problems.append(f"{label} names no licence")
        elif not licence_fits(licence, allowed):
            problems.append(f"{label} is under {licence}, which deny.toml does not allow")
        if package["id"] in members:
            for dependency in package["dependencies"]:
                if dependency["req"] == "*" and dependency.get("path") is None:
                    problems.append(f"{package['name']} asks for any version of {dependency['name']}")
    for rule in policy["bans"]["deny"]:
        found = sorted(versions.get(rule["name"], ()))
        if rule.get("deny-multiple-versions"):
            if len(found) > 1:
                problems.append(f"{rule['name']} is there in {len(found)} versions: {', '.join(found)}")
        elif found:
            problems.append(f"{rule['name']} {found[0]} is banned: {rule['reason']} (cargo tree -i {rule['name']})")
    return versions


def check_pins(versions):
    manifest = tomllib.loads(Path("Cargo.toml").read_text())
    pin = manifest["workspace"]["dependencies"]["wasm-bindgen"]
    pin = pin if isinstance(pin, str) else pin["version"]
    if not pin.startswith("=") or versions["wasm-bindgen"] != {pin[1:]}:
        problems.append(f"wasm-bindgen is pinned as {pin}, but Cargo.lock has {', '.join(versions['wasm-bindgen'])}")
    lock = json.loads(Path("end2end/package-lock.json").read_text())
    for name, package in lock["packages"].items():
        if "resolved" in package:
            problems.append(f"end2end/package-lock.json names a download address for {name}; .npmrc leaves them out")


def main():
    metadata = json.loads(cargo("metadata", "--format-version", "1"))
    versions = check_packages(metadata, tomllib.loads(Path("deny.toml").read_text()))
    check_pins(versions)
    for problem in problems:
        print(f"  {problem}")
    print(f"  {sum(map(len, versions.values()))} packages looked at", file=sys.stderr)
    sys.exit(bool(problems))


main()
