"""The LMC form of messages, as programs, files and sockets see them: plain dicts, and streams with start and end flags.

``{"role": …, "type": …, "format": …, "recipient": …, "content": …}``; ``format`` and ``recipient`` only where they say
something.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from oi_voice.errors import MessageError
from oi_voice.messages import Chunk, Kind, Message, Role

Lmc = dict[str, Any]

ROLES = {role.value: role for role in Role}
KINDS = {kind.value: kind for kind in Kind}
FIELDS = frozenset(("role", "type", "format", "recipient", "content", "call"))
PASSING = frozenset(("confirmation", "review"))  # news on a stream, part of no conversation


def to_lmc(message: Message, *, calls: bool = False) -> Lmc:
    """A message as a dict; with ``calls`` also which block of code it is or came of, for files."""
    entry: Lmc = {"role": message.role.value, "type": message.kind.value}
    if message.format and message.kind is not Kind.MESSAGE:
        entry["format"] = message.format if message.kind is not Kind.CONSOLE else "output"
    if message.recipient:
        entry["recipient"] = message.recipient
    entry["content"] = message.content
    if calls and message.call:
        entry["call"] = message.call
    return {**entry, **message.extra} if message.extra else entry


def from_lmc(entries: Iterable[object]) -> list[Message]:
    """The messages that these dicts are, those of before release 0.2 too. MessageError names the first bad one."""
    return [message for number, entry in enumerate(entries, 1) for message in entry_messages(entry, number)]


def entry_messages(entry: object, number: int) -> list[Message]:
    """The messages that one dict is: mostly one. MessageError calls it by its ``number``."""
    if not isinstance(entry, dict):
        raise _bad(number, f"is a {type(entry).__name__}, not a dict")
    return _message(number, entry) if "content" in entry or "type" in entry else _older(number, entry)


def _message(number: int, entry: Lmc) -> list[Message]:
    kind, form, content = entry.get("type", "message"), entry.get("format") or "", entry.get("content", "")
    if (isinstance(kind, str) and kind in PASSING) or form == "active_line":
        return []
    if content is None:
        content = ""
    if not isinstance(kind, str) or kind not in KINDS:
        raise _bad(number, f"has the type {kind!r}", f"Types are {', '.join(KINDS)}.")
    recipient, call = entry.get("recipient") or "", entry.get("call") or ""
    if not (
        isinstance(content, str) and isinstance(form, str) and isinstance(recipient, str) and isinstance(call, str)
    ):
        raise _bad(number, "has content, a format or a recipient that is no text")
    if kind == "image" and form in ("", "base64"):
        form = "base64.png"
    extra = {} if FIELDS.issuperset(entry) else {key: entry[key] for key in entry if key not in FIELDS}
    return [Message(_role(number, entry), KINDS[kind], content, form, recipient, call, extra)]


def _older(number: int, entry: Lmc) -> list[Message]:
    """The nested form of before 0.2: ``message``, ``language`` with ``code``, ``output``."""
    role, messages = _role(number, entry), []
    if text := entry.get("message"):
        messages.append(Message(role, Kind.MESSAGE, str(text)))
    if code := entry.get("code"):
        messages.append(Message(Role.ASSISTANT, Kind.CODE, str(code), str(entry.get("language") or "python")))
    if "output" in entry:
        messages.append(Message(Role.COMPUTER, Kind.CONSOLE, str(entry["output"] or ""), "output"))
    if image := entry.get("image"):
        messages.append(Message(role, Kind.IMAGE, str(image).rpartition("base64,")[2], "base64.png"))
    if not messages and "message" not in entry:
        raise _bad(number, "has no content")
    return messages


def _role(number: int, entry: Lmc) -> Role:
    role = entry.get("role")
    if not isinstance(role, str) or role not in ROLES:
        raise _bad(
            number, f"has the role {role!r}" if "role" in entry else "has no role", f"Roles: {', '.join(ROLES)}."
        )
    return ROLES[role]


def _bad(number: int, what: str, fix: str = "") -> MessageError:
    shape = 'Write messages as {"role": "user", "type": "message", "content": "…"}.'
    return MessageError(f"Message {number} {what}.", fix=fix or shape)


class Streamer:
    """Turns chunks into a stream of dicts, where each message begins with a start flag and ends with an end flag."""

    def __init__(self) -> None:
        self._head: Lmc = {}
        self._call = ""

    def feed(self, chunk: Chunk) -> Iterator[Lmc]:
        """What this chunk adds to the stream."""
        console = chunk.kind is Kind.CONSOLE
        head: Lmc = {"role": chunk.role.value, "type": chunk.kind.value}
        if chunk.format and not console and chunk.kind is not Kind.MESSAGE:
            head["format"] = chunk.format
        if chunk.recipient:
            head["recipient"] = chunk.recipient
        picture = chunk.kind is Kind.IMAGE
        if head != self._head or picture or chunk.call != self._call or (chunk.starts and not console):
            yield from self.end()
            self._head, self._call = head, chunk.call
            yield {**head, "start": True}
        if chunk.format == "active_line":
            yield {**head, "format": "active_line", "content": chunk.content or None}
        elif chunk.content:
            yield {**head, **({"format": "output"} if console else {}), "content": chunk.content}

    def end(self) -> Iterator[Lmc]:
        """End the open message, if there is one."""
        if self._head:
            yield {**self._head, "end": True}
            self._head, self._call = {}, ""


def streamed(chunks: Iterable[Chunk]) -> Iterator[Lmc]:
    """A whole stream of chunks as dicts."""
    streamer = Streamer()
    for chunk in chunks:
        yield from streamer.feed(chunk)
    yield from streamer.end()


class Confirmation(Lmc):
    """What is to be run: ``type``, ``format`` and ``content``; ``language`` and ``code`` name the same."""

    def __missing__(self, key: str) -> Any:
        older = {"language": "format", "code": "content"}
        return self[older[key]] if key in older else super().__getitem__(key)


def confirmation(language: str, code: str) -> Lmc:
    """The chunk that comes before code is run; going on past it is consent."""
    content = Confirmation(type="code", format=language, content=code)
    return {"role": "computer", "type": "confirmation", "format": "execution", "content": content}
