"""All the languages that come with the program, installed or not."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from oi_voice.languages.dialects import DIALECTS
from oi_voice.languages.host import Host
from oi_voice.languages.script import APPLESCRIPT, ONE_BY_ONE, Script
from oi_voice.languages.web import Html, React
from oi_voice.ports import Language


def beside_python(host: Host, browse: Callable[[Path], bool] | None, offline: Callable[[], bool]) -> list[Language]:
    """Each of them: a lasting process where there are pseudo-terminals, else a process a block. ``browse`` opens a page
    in the person's browser."""
    result: list[Language] = [Html(host, browse, offline), React(host, browse, offline), Script(APPLESCRIPT, host)]
    if sys.platform == "win32":
        result[:0] = [Script(recipe, host) for recipe in ONE_BY_ONE]
    else:
        from oi_voice.languages.session import Session
        from oi_voice.languages.shell import SHELL

        result[:0] = [Session(dialect, host) for dialect in (SHELL, *DIALECTS)]
    return result
