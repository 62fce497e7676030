"""The processes that a process has started, and those that these have; and how processes end."""

from __future__ import annotations

import contextlib
import importlib
import signal
from typing import Any


def descendants(pid: int) -> list[Any]:
    """Those below one, as psutil has them, which knows them from others that get their ids later."""
    psutil = importlib.import_module("psutil")
    try:
        return list(psutil.Process(pid).children(recursive=True))
    except psutil.Error:
        return []


def kill(processes: list[Any]) -> None:
    """End those that still live."""
    psutil = importlib.import_module("psutil")
    for process in processes:
        with contextlib.suppress(psutil.Error):
            process.kill()


def fate(returncode: int | None) -> str:
    """How a process ended, by its ``subprocess.Popen.returncode``: ``exit code 3``, ``signal SIGSEGV``."""
    if returncode is None or returncode >= 0:
        return f"exit code {returncode}"
    known = -returncode in signal.Signals.__members__.values()
    return f"signal {signal.Signals(-returncode).name if known else -returncode}"
