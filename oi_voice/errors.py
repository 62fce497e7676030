"""The error tree: each error has a stable ``code`` for programs and words for a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any


class OiVoiceError(Exception):
    """Something went wrong that a person can understand.

    ``message`` says what happened, ``fix`` what to do about it. ``code`` is stable, dotted, and
    safe to match on; ``str(error)`` is both sentences.
    """

    code = "error"

    def __init__(self, message: str, *, fix: str = "", code: str = "") -> None:
        super().__init__(f"{message} {fix}".strip())
        self.message = message
        self.fix = fix
        if code:
            self.code = code


class SettingsError(OiVoiceError):
    """A setting is unknown, of the wrong type or out of bounds; nothing was changed."""

    code = "settings.invalid"


class RecorderError(OiVoiceError):
    """No microphone, or it was lost."""

    code = "microphone"


class PlayerError(OiVoiceError):
    """No speaker, or it was lost."""

    code = "speaker"


class TranscriberError(OiVoiceError):
    """The recogniser could not be loaded or failed on a take."""

    code = "recogniser"


class MessageError(OiVoiceError):
    """A message has a shape that nobody can read; nothing was changed."""

    code = "message"


class ConversationError(OiVoiceError):
    """A saved conversation can't be read, or not be written."""

    code = "conversation"


class ModelError(OiVoiceError):
    """The language model refused, is unreachable or answered nonsense.

    ``transient`` ones may be gone when asked again, not before ``after`` seconds if the server named a time.
    """

    code = "model"

    def __init__(
        self, message: str, *, fix: str = "", code: str = "", transient: bool = False, after: float | None = None
    ) -> None:
        super().__init__(message, fix=fix, code=code)
        self.transient = transient
        self.after = after


class LanguageError(OiVoiceError):
    """A language's runtime is absent, died, or was restarted.

    ``output`` is what the code had printed, as message dicts, where ``computer.run`` raises it.
    """

    code = "language"
    output: Sequence[Mapping[str, Any]] = ()


class ComputerError(OiVoiceError):
    """The computer could not do what the code asked of it."""

    code = "computer"


class RefusedError(ComputerError):
    """An action was refused: the turn is over, or its target is ambiguous or stale."""

    code = "computer.refused"


class SynthesizerError(OiVoiceError):
    """No speech engine, or it failed on a sentence."""

    code = "speech"


class DesktopError(OiVoiceError):
    """No display, no tray or no key events."""

    code = "desktop"


def named(code: str, words: str) -> OiVoiceError:
    """The error of this code, as an event told it."""
    kinds = [kind for kind in OiVoiceError.__subclasses__() if code.partition(".")[0] == kind.code.partition(".")[0]]
    return (kinds[0] if kinds else OiVoiceError)(words, code=code)


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error and those that led to it."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
