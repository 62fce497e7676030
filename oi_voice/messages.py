"""What is said between person, assistant and computer, as deltas (``Chunk``) and sums (``Message``)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum


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


#: What the computer's output is when the person said no.
DECLINED = "Declined: the person did not allow this code to run."


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of one message.

    ``format`` is the language of code; for console text ``output``, or ``notice`` where it is about the run and not
    of it; ``base64.png`` for an image.
    ``starts`` begins a new message even where the last one is of the same sort (two code blocks
    in a row are two blocks).
    """

    role: Role
    kind: Kind
    content: str = ""
    format: str = ""
    recipient: str = ""
    starts: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """A whole message; the fields are those of its chunks."""

    role: Role
    kind: Kind
    content: str
    format: str = ""
    recipient: str = ""


@dataclass
class Accumulator:
    """Joins chunks as they come; each costs its own length, however long the message already is."""

    _done: list[Message] = field(default_factory=list)
    _head: Chunk | None = None
    _parts: list[str] = field(default_factory=list)

    def add(self, chunk: Chunk) -> None:
        if self._head is None or chunk.starts or chunk.kind is Kind.IMAGE or _sort(chunk) != _sort(self._head):
            self._close()
            self._head = chunk
        self._parts.append(chunk.content)

    def messages(self) -> list[Message]:
        """All messages so far, the open one included."""
        return [*self._done, *self._open()]

    def _open(self) -> list[Message]:
        head = self._head
        if head is None:
            return []
        return [Message(head.role, head.kind, "".join(self._parts), head.format, head.recipient)]

    def _close(self) -> None:
        self._done += self._open()
        self._head, self._parts = None, []


def accumulate(chunks: Iterable[Chunk]) -> list[Message]:
    """The messages that these chunks add up to."""
    joined = Accumulator()
    for chunk in chunks:
        joined.add(chunk)
    return joined.messages()


def user(text: str) -> Message:
    """What a person typed or said."""
    return Message(Role.USER, Kind.MESSAGE, text)


def _sort(chunk: Chunk) -> tuple[Role, Kind, str, str]:
    return chunk.role, chunk.kind, chunk.format, chunk.recipient
