"""xdotool, and the windows that it finds."""

from __future__ import annotations

import subprocess


def xdotool(*arguments: object) -> str:
    return _run(*arguments, check=True).stdout.strip()


def search(pattern: str, by: str = "name", hidden: bool = False) -> list[str]:
    """The windows whose name (or ``class``) that pattern fits, as soon as there are any; the test's time-out bounds it.

    ``hidden``: also those that are not to be seen.
    """
    found: list[str] = []
    while not found:  # xdotool gives up where another window goes while it looks
        found = _run("search", "--sync", *[] if hidden else ["--onlyvisible"], f"--{by}", pattern).stdout.split()
    return found


def in_front(pattern: str, by: str = "name") -> str:
    """The last of such windows, once it has the keyboard."""
    window = search(pattern, by)[-1]
    xdotool("windowactivate", "--sync", window)
    return window


def _run(*arguments: object, check: bool = False) -> subprocess.CompletedProcess[str]:
    command = ["xdotool", *map(str, arguments)]
    return subprocess.run(command, check=check, capture_output=True, text=True, timeout=30)
