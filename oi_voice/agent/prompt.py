"""What a language model is told about where it is. The person's own texts go in as they are, never as templates."""

from __future__ import annotations

import platform
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace

from oi_voice.messages import Kind, Message, Role

SPOKEN = """\
The person speaks to you and hears your answers, so answer in one or two short plain sentences: no lists, no markdown,
no URLs. If an answer must be long, end it with one sentence that begins with "In short,"."""
API = "In Python, `computer` uses the screen, mouse and keyboard:\n"
FAST = "Be quick: write the code at once, without a plan or an explanation."
VISION = "You are shown pictures: those that the person sends, and those that your code displays."


def system_message(
    settings: SimpleNamespace,
    *,
    functions: bool,
    languages: Iterable[str],
    notes: Iterable[str],
    api: str,
    spoken: bool,
) -> Message:
    """The system message; ``notes`` are what languages have to say of themselves, ``api`` describes ``computer``."""
    parts = [
        settings.system_message,
        f"The computer runs {platform.platform(terse=True)}; code starts in {_here()}."
        f" Languages: {', '.join(languages)}. Each keeps its variables and its folder from block to block.",
        SPOKEN if spoken else "",
        API + api if api else "",
        *notes,
        "" if functions else settings.llm.execution_instructions,
        VISION if settings.vision else "",
        FAST if settings.fast else "",
        settings.custom_instructions,
    ]
    return Message(Role.SYSTEM, Kind.MESSAGE, "\n\n".join([part.strip() for part in parts if part.strip()]))


def _here() -> str:
    try:
        return str(Path.cwd())
    except OSError:  # it was removed under us
        return "a folder that is gone"
