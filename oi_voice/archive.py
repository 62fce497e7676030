"""Reading saved conversations: ours, a cut-off one's rest, and what other programs saved as a list of messages."""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from oi_voice.conversations import ENDING, first_words, numbered
from oi_voice.errors import ConversationError, MessageError
from oi_voice.lmc import from_lmc
from oi_voice.messages import Message

log = logging.getLogger(__name__)

TITLE = 60  # characters
PEEK = 16384  # bytes read of a file for its title
_SKIPPED = re.compile(r"[\s,]*")
_ANOTHER = re.compile(r"\n\s*\{")


def load(path: Path, folder: Path | None = None) -> list[Message]:
    """The messages of a file: ours, or any JSON array of LMC dicts. A last one that was cut off is left out.

    Raises ConversationError; a file in ``folder`` that can't be made sense of is then set aside, and nothing deleted.
    """
    try:
        with path.open("rb") as file:  # no further than it reaches now: what is added meanwhile overwrites its end
            data = file.read(os.fstat(file.fileno()).st_size)
    except FileNotFoundError:
        raise ConversationError(f"There is no conversation {path}.") from None
    except (OSError, ValueError) as error:
        raise ConversationError(f"{path} can't be read ({getattr(error, 'strerror', None) or error}).") from None
    try:
        return from_lmc(_entries(data, path))
    except (ValueError, TypeError, MessageError) as error:
        what = f"{path} is no conversation that can be read ({getattr(error, 'message', error)})."
        raise ConversationError(what, fix=_set_aside(path) if folder == path.parent else "") from None


def _entries(data: bytes, path: Path) -> list[Any]:
    """What the array holds, up to where it was cut off. ValueError when it is none, or damaged before its end."""
    try:
        entries = json.loads(data)
    except (ValueError, RecursionError):
        text = data.decode("utf-8", "surrogateescape").lstrip("\ufeff \t\r\n")
        text = text.rstrip("\0")  # which a loss of power may leave in the place of what was not yet on the disk
        entries, end = _whole(text)
        if not _torn(text, end, bool(entries)):
            raise ValueError(f"it is damaged in line {text.count(chr(10), 0, end) + 1}") from None
        log.warning("%s was cut off; its first %d messages are there", path, len(entries))
    if not isinstance(entries, list):
        raise ValueError("it is no list of messages")
    return entries


def _torn(text: str, end: int, found: bool) -> bool:
    """Whether the array just stops after ``end``, as what is cut off does, and no part of it is damaged before."""
    rest, another = text[end:].strip(), _ANOTHER.search(text, end)
    if text.startswith("[\n{"):  # ours, a message a line
        return another is None
    if rest in ("", "]"):
        return text[:1] in ("", "[")
    return found and another is None and not rest.endswith("]")


def _whole(text: str) -> tuple[list[Any], int]:
    """The whole values at an array's start, and where what is no whole one begins."""
    decoder, found, end = json.JSONDecoder(), [], 0
    if text.startswith("["):
        end = _after(text, 1)
        with suppress(ValueError, RecursionError):
            while True:
                value, end = decoder.raw_decode(text, end)
                found.append(value)
                end = _after(text, end)
    return found, end


def _after(text: str, at: int) -> int:
    skipped = _SKIPPED.match(text, at)
    return skipped.end() if skipped else at


def _set_aside(path: Path) -> str:
    aside = next(free for free in numbered(path.parent, path.name, ".corrupt") if not free.exists())
    try:
        path.rename(aside)
    except OSError:
        return ""
    return f"It was set aside as {aside.name}."


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved conversation, in a list of them; ``when`` is the time of its last message."""

    path: Path
    title: str
    when: datetime


def listing(folder: Path) -> list[Saved]:
    """The conversations saved in a folder, the latest first. Reads the start of each. Raises ConversationError."""
    try:
        return sorted(_list(folder), key=lambda saved: saved.when, reverse=True)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise ConversationError(f"{folder} can't be read ({error.strerror or error}).") from None


def _list(folder: Path) -> Iterator[Saved]:
    for path in folder.iterdir():
        if path.suffix == ENDING and not path.name.startswith("."):
            with suppress(OSError), path.open("rb") as file:  # deleted meanwhile, or not ours to read
                when = datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime).astimezone()
                found, _ = _whole(file.read(PEEK).decode("utf-8", "surrogateescape"))
                with suppress(MessageError, TypeError):
                    yield Saved(path, first_words(from_lmc(found))[:TITLE] or path.stem, when)
