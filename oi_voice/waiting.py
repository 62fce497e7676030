"""Waiting on a thread that may have to answer a signal meanwhile."""

from __future__ import annotations

import concurrent.futures
import contextlib
import queue
import threading
import time
from typing import TypeVar

T = TypeVar("T")
PULSE = 0.5  # seconds: signals are answered on the main thread, but the system may give one to another, and wake that


def settled(future: concurrent.futures.Future[T], timeout: float | None = None) -> T:
    """What comes of it. TimeoutError after ``timeout``."""
    end = time.monotonic() + (float("inf") if timeout is None else timeout)
    while not future.done() and (left := end - time.monotonic()) > 0:
        concurrent.futures.wait([future], min(PULSE, left))
    return future.result(0)


def taken(items: queue.SimpleQueue[T]) -> T:
    """The next item."""
    while True:
        with contextlib.suppress(queue.Empty):
            return items.get(timeout=PULSE)


def happened(event: threading.Event) -> None:
    """Returns once it has."""
    while not event.wait(PULSE):
        pass
