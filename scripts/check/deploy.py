#!/usr/bin/env python3
"""Looks at the Dockerfile and the compose file as far as one can without docker: syntax, and names that lead nowhere."""

import json
import re
import shlex
import sys
from pathlib import Path

INSTRUCTIONS = set(
    "FROM ARG ENV RUN COPY ADD WORKDIR USER VOLUME EXPOSE HEALTHCHECK ENTRYPOINT CMD LABEL SHELL STOPSIGNAL ONBUILD".split()
)
problems = []


def instructions(text):
    """Each instruction with its arguments, lines that go on put together, comments left out."""
    whole, begin = "", 0
    for number, line in enumerate(text.split("\n"), 1):
        if line.lstrip().startswith("#") or (not whole and not line.strip()):
            continue
        begin = begin or number
        goes_on = line.rstrip().endswith("\\")
        whole += line.rstrip()[:-1] if goes_on else line
        if not goes_on:
            name, _, arguments = whole.strip().partition(" ")
            yield begin, name, arguments.strip()
            whole, begin = "", 0
    if whole:
        problems.append(f"Dockerfile:{begin}: the last line says that it goes on")


def check_dockerfile(path):
    stages = set()
    for line, name, arguments in instructions(path.read_text()):
        place = f"{path}:{line}"
        if name not in INSTRUCTIONS:
            problems.append(f"{place}: {name} is no instruction")
            continue
        if not arguments:
            problems.append(f"{place}: {name} says nothing")
        if not stages and name not in ("FROM", "ARG"):
            problems.append(f"{place}: {name} comes before the first FROM")
        if name == "FROM":
            found = re.fullmatch(r"(?:--platform=\S+ )?\S+(?: AS (\S+))?", arguments, re.IGNORECASE)
            if not found:
                problems.append(f"{place}: FROM cannot be read: {arguments}")
            stages.add((found and found.group(1)) or f"stage {len(stages)}")
        for source in re.findall(r"--from=(\S+)", arguments):
            if source not in stages:
                problems.append(f"{place}: copies from {source}, which is no stage before it")
        check_command(place, name, arguments)


def check_command(place, name, arguments):
    """What is run: a list in JSON, or a line of the shell whose quotes are closed."""
    if name == "HEALTHCHECK":
        _, _, arguments = arguments.partition("CMD ")
    if name in ("CMD", "ENTRYPOINT", "SHELL", "VOLUME", "HEALTHCHECK") and arguments.startswith("["):
        try:
            words = json.loads(arguments)
            if not all(isinstance(word, str) for word in words):
                problems.append(f"{place}: a word of {name} is no text")
        except json.JSONDecodeError as error:
            problems.append(f"{place}: the list of {name} cannot be read: {error}")
    elif name in ("RUN", "CMD", "ENTRYPOINT", "ENV", "HEALTHCHECK"):
        try:
            shlex.split(arguments)
        except ValueError as error:
            problems.append(f"{place}: {name}: {error}")


def check_compose(path, document):
    """What `docker compose config` would say of references."""
    services = document["services"]
    for name, service in services.items():
        if "image" not in service and "build" not in service:
            problems.append(f"{path}: {name} has neither image nor build")
        for needed in service.get("depends_on", {}):
            if needed not in services:
                problems.append(f"{path}: {name} depends on {needed}, which is no service")
            elif not set(services[needed].get("profiles", service.get("profiles", []))) <= set(service.get("profiles", [])):
                problems.append(f"{path}: {name} depends on {needed}, which starts only in a profile")
        for kind in ("secrets", "networks"):
            for used in service.get(kind, []):
                if used not in document.get(kind, {}):
                    problems.append(f"{path}: {name} uses {used}, which is not under {kind}")
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if "/" not in source and source not in document.get("volumes", {}):
                problems.append(f"{path}: {name} uses {source}, which is not under volumes")


def main():
    check_dockerfile(Path("Dockerfile"))
    compose = Path("deploy/compose.yaml")
    try:
        import yaml

        check_compose(compose, yaml.safe_load(compose.read_text()))
    except ImportError:
        problems.append(f"{compose}: cannot be read without Python's yaml (Debian: python3-yaml)")
    for problem in problems:
        print(f"  {problem}")
    sys.exit(bool(problems))


main()
