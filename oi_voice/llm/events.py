"""A stream of bytes as the JSON events in it: server-sent events, as OpenAI's protocol uses them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

BODY_MAX = 1 << 20  # bytes of an answer that is no stream of events


class Events:
    """Takes bytes as they come and gives the events that they complete; each costs its own length.

    One line of ``data`` is one event, which holds for every server of this protocol. ``done`` is whether the server
    said ``[DONE]``, ``torn`` whether the bytes ended within an event.
    """

    def __init__(self) -> None:
        self.done = self.torn = False
        self._line: list[bytes] = []  # the one that is not whole yet
        self._other: list[bytes] = []  # lines that belong to no event
        self._other_size = 0
        self._named_error = False

    def feed(self, data: bytes) -> Iterator[Any]:
        """The events that are whole now. ValueError for one that is no JSON."""
        first, *rest = data.split(b"\n")
        self._line.append(first)
        if not rest:
            return
        lines, self._line = [b"".join(self._line), *rest[:-1]], [rest[-1]]
        for line in lines:
            yield from self._read(line)

    def end(self) -> Iterator[Any]:
        """What the last bytes held without a line's end; or all of them, if they are one JSON value.

        ValueError when there was something, and it was neither.
        """
        line, self._line = b"".join(self._line), []
        try:
            yield from self._read(line)
        except ValueError:
            self.torn = True
        if self._other:
            yield json.loads(b"\n".join(self._other))

    def _read(self, line: bytes) -> Iterator[Any]:
        name, _, value = line.partition(b":")
        if name == b"data":
            value = value.strip()
            if value == b"[DONE]":
                self.done = True
            elif value:
                event = json.loads(value)
                yield {"error": event} if self._named_error and "error" not in event else event
            self._named_error = False
        elif name == b"event":
            self._named_error = value.strip() == b"error"
        elif name not in (b"", b"id", b"retry") and line.strip() and self._other_size < BODY_MAX:
            self._other.append(line)
            self._other_size += len(line)
