"""Running code through the public Python API, and looking at what it leaves behind."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import psutil

from oi_voice import OpenInterpreter


def text(interpreter: OpenInterpreter, language: str, code: str) -> str:
    """All that the code prints, and what is told of it."""
    return "".join([message["content"] for message in interpreter.computer.run(language, code)])


def pieces(interpreter: OpenInterpreter, language: str, code: str) -> Iterator[str]:
    """The same, as it comes."""
    for chunk in interpreter.computer.run(language, code, stream=True):
        if chunk.get("format") == "output":
            yield chunk["content"]


def stopped_at(interpreter: OpenInterpreter, language: str, code: str, mark: str) -> str:
    """Run code and stop it, from another thread, once it has printed ``mark``; what it printed until it was over."""
    seen = ""
    stopper = threading.Thread(target=interpreter.stop)
    for piece in pieces(interpreter, language, code):
        seen += piece
        if mark in seen and stopper.ident is None:
            stopper.start()
    assert stopper.ident is not None, f"{mark!r} did not come: {seen!r}"
    stopper.join()
    return seen


def children() -> set[int]:
    """The processes below this one."""
    return {process.pid for process in psutil.Process().children(recursive=True)}
