"""Where the typed chat's commands write what a person keeps."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from oi_voice.conversations import first_words, numbered
from oi_voice.errors import ConversationError
from oi_voice.messages import Message

NAMED = 60  # characters of the first words in a file's name


def unquoted(argument: str) -> str:
    """A path as it was typed, without the quotes that may be around it."""
    return argument[1:-1] if len(argument) > 1 and argument[0] == argument[-1] and argument[0] in "\"'" else argument


def path_of(argument: str) -> Path:
    """The whole path that was typed. Raises ConversationError for the home of somebody unknown."""
    try:
        return Path(unquoted(argument)).expanduser().absolute()
    except RuntimeError as error:
        raise ConversationError(f"There is no path {argument} ({error}).") from None


def replace(path: Path, text: str) -> None:
    """Put a whole file in the place of what is there. Raises ConversationError, and the old one is as it was."""
    try:
        target = path.resolve()
        with tempfile.NamedTemporaryFile("w", dir=target.parent, prefix=".", suffix=".tmp", delete=False) as file:
            try:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
                file.close()
                Path(file.name).replace(target)
            except OSError:
                Path(file.name).unlink(missing_ok=True)
                raise
    except (OSError, RuntimeError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise ConversationError(f"The messages can't be saved to {path} ({why}).", fix="Name another file.") from None


def add(text: str, wanted: str, messages: Sequence[Message], ending: str) -> Path:
    """Write to the path that was ``wanted``, else to the Downloads folder; returns where it is.

    What is there already stays: the new file then gets a number. Raises ConversationError.
    """
    given = path_of(wanted) if wanted else _downloads()
    try:
        if given.is_dir():
            names = numbered(given, _stem(messages), ending)
        else:
            names = numbered(given.parent, given.stem, given.suffix or ending)
        return next(path for path in names if _made(path, text))
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise ConversationError(f"That can't be written to {given} ({why}).", fix="Name another file.") from None


def _made(path: Path, text: str) -> bool:
    """Whether the name was free, and now is the text's."""
    try:
        with path.open("x", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
    except FileExistsError:
        return False
    return True


def _downloads() -> Path:
    import platformdirs

    folder = Path(platformdirs.user_downloads_dir())
    return folder if folder.is_dir() else Path.home()


def _stem(messages: Sequence[Message]) -> str:
    words = re.sub(r"[^\w -]", " ", first_words(messages))[:NAMED]
    return " ".join(f"{datetime.now():%Y-%m-%d %H-%M} {words}".split())
