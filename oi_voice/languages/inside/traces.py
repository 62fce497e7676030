"""Tracebacks of the person's code alone: without the frames of what runs it."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any

from oi_voice.errors import chain

OURS = str(Path(__file__).parents[1])


def trim_tracebacks(shell: Any) -> None:
    """Have a shell show the frames of the code and of what it calls."""
    import ipykernel
    import IPython

    machinery = (OURS, *(str(Path(str(package.__file__)).parent) for package in (ipykernel, IPython)))
    found = shell._get_exc_info

    def trimmed(*args: Any) -> tuple[Any, Any, Any]:
        kind, error, _ = found(*args)
        for link in chain(error):
            link.__traceback__ = _without(link.__traceback__, machinery)
        return kind, error, error.__traceback__

    shell._get_exc_info = trimmed
    shell.InteractiveTB.tb_offset = 0  # of frames to leave out: there are none any more


def _without(trace: TracebackType | None, machinery: tuple[str, ...]) -> TracebackType | None:
    """A traceback without the frames of these folders, unless it has no others."""
    links = []
    while trace is not None:
        links.append(trace)
        trace = trace.tb_next
    kept: TracebackType | None = None
    for link in reversed(links):
        if not link.tb_frame.f_code.co_filename.startswith(machinery):
            kept = TracebackType(kept, link.tb_frame, link.tb_lasti, link.tb_lineno)
    return kept or (links[0] if links else None)
