"""Advice for code that installs packages: what they bring runs as part of them, and can be looked at before.

GuardDog (https://github.com/DataDog/guarddog) looks through packages of PyPI and npm for what malicious ones do.
"""

from __future__ import annotations

import re

from oi_voice.consent.classify import Effect, classify

MOST = 3  # packages named
_ECOSYSTEMS = {
    "pypi": re.compile(r"\b(?:pip[\d.]*|pipx|uvx?|poetry|pdm)\b"),
    "npm": re.compile(r"\b(?:npm|npx|pnpm|yarn|bun)\b"),
}
# A package's name, without versions and extras; addresses, files and options are none.
_NAME = re.compile(r"((?:@[\w.-]+/)?[A-Za-z0-9][\w.-]*)(?:[\[=<>~!;@].*)?")


def advice(language: str, code: str) -> str:
    """How the packages that the code installs can be looked at, in a sentence; empty where it installs none known to
    be of PyPI or npm."""
    found = [name for name, tools in _ECOSYSTEMS.items() if tools.search(code)]
    if len(found) != 1:
        return ""
    targets = [target.name for target in classify(language, code).targets if target.effect is Effect.INSTALLS]
    names = [match[1] for name in ", ".join(targets).split(", ") if (match := _NAME.fullmatch(name))]
    commands = [f"`guarddog {found[0]} scan {name}`" for name in dict.fromkeys(names)]
    if not commands:
        return ""
    return f"It installs packages. GuardDog can look through them first: {', '.join(commands[:MOST])}."
