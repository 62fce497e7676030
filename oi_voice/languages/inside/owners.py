"""To which run what a thread or a task does belongs."""

from __future__ import annotations

import functools
import threading
from contextvars import ContextVar
from typing import Any

#: The id of the run whose code this is; a task keeps that of the run that began it.
RUN: ContextVar[str] = ContextVar("oi_voice_run", default="")


def owner() -> str:
    """The run that the caller belongs to. Empty where nobody knows: a thread that was started past ``threading``."""
    return RUN.get() or getattr(threading.current_thread(), "oi_voice_run", "")


def mark_threads() -> None:
    """Have each thread remember the run it was started in, lest one left behind acts in a later run's name."""
    threads: Any = threading.Thread  # noqa: TID251 - makes none; watches those that the code makes
    start = threads.start

    @functools.wraps(start)
    def marked(thread: Any) -> None:
        thread.oi_voice_run = owner()
        start(thread)

    threads.start = marked
