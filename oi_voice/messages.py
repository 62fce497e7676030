"""What is said between person, assistant and computer, as deltas (``Chunk``) and sums (``Message``)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Role(StrEnum):
    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"
    COMPUTER = "computer"


class Kind(StrEnum):
    MESSAGE = "message"
    CODE = "code"
    CONSOLE = "console"
    IMAGE = "image"
    FILE = "file"
    AUDIO = "audio"
    REASONING = "reasoning"  # a model's thoughts: shown on request, never run, never sent back


#: What the computer's output is when the person said no.
DECLINED = "Declined: the person did not allow this code to run."


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of one message.

    ``format`` is the language of code; for console text ``output``, ``active_line`` (the content is a line's number,
    or empty when none runs any more) or ``notice`` where it is about the run and not of it; ``base64.png``,
    ``base64.jpeg`` or ``path`` for an image. ``call`` names the block of code that this is, or came of.
    ``starts`` begins a new message even where the last one is of the same sort (two code blocks
    in a row are two blocks).
    """

    role: Role
    kind: Kind
    content: str = ""
    format: str = ""
    recipient: str = ""
    call: str = ""
    starts: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """A whole message; the fields are those of its chunks. ``extra`` is what else a program wrote beside them."""

    role: Role
    kind: Kind
    content: str
    format: str = ""
    recipient: str = ""
    call: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict, compare=False)


@dataclass
class Accumulator:
    """Joins chunks as they come; each costs its own length, however long the message already is."""

    _done: list[Message] = field(default_factory=list)
    _head: Chunk | None = None
    _parts: list[str] = field(default_factory=list)

    def add(self, chunk: Chunk) -> Message | None:
        """Take a chunk; returns the message that it brought to its end, if any."""
        if chunk.format == "active_line":  # passing news, part of no message
            return None
        head, done = self._head, None
        if head is None or chunk.starts or chunk.kind is Kind.IMAGE or not same_sort(chunk, head):
            done = self.close()
            self._head = chunk
        self._parts.append(chunk.content)
        return done

    def close(self) -> Message | None:
        """End the open message, and return it."""
        head = self._head
        if head is None:
            return None
        message = Message(head.role, head.kind, "".join(self._parts), head.format, head.recipient, head.call)
        self._done.append(message)
        self._head, self._parts = None, []
        return message

    def messages(self) -> list[Message]:
        """All messages, the open one ended."""
        self.close()
        return list(self._done)


def accumulate(chunks: Iterable[Chunk]) -> list[Message]:
    """The messages that these chunks add up to."""
    joined = Accumulator()
    for chunk in chunks:
        joined.add(chunk)
    return joined.messages()


def same_sort(one: Chunk, other: Chunk) -> bool:
    """Whether two chunks may be pieces of one message."""
    return (
        one.role is other.role
        and one.kind is other.kind
        and one.format == other.format
        and one.recipient == other.recipient
        and one.call == other.call
    )


def user(text: str) -> Message:
    """What a person typed or said."""
    return Message(Role.USER, Kind.MESSAGE, text)


def fenced(text: str, tag: str) -> str:
    """A markdown block; its fence is longer than any in the text."""
    longest = max((len(run) for run in re.findall("`{3,}", text)), default=2) if "```" in text else 2
    fence = "`" * (longest + 1)
    return f"{fence}{tag}\n{text.rstrip()}\n{fence}"
