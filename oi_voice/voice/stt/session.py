"""One take of a hosted recogniser: what is fed goes on to its thread, and what comes of it is looked at twice."""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING, Protocol

from oi_voice.errors import TranscriberError
from oi_voice.ports import Hints, Pcm, Transcript
from oi_voice.runtime import outcome, spawn

if TYPE_CHECKING:
    from oi_voice.voice.stt.hosted import Hosted, Lane

RATE = 16_000  # Hz, what all recognisers here want
HURRY, ANYTHING = 60, 60  # characters a second, and to begin with, beyond which text is garbage
FIX = "Say it again, or have another recogniser hear it."


class Take(Protocol):
    """A take on the recogniser's thread."""

    def more(self, sound: bytes) -> None:
        """The next piece: 16-bit samples at 16 kHz."""

    def whole(self) -> Transcript:
        """The words of all of it; ``more`` comes no more."""


class Session:
    """The port's Hearing, and the engine's Listening. The sound is kept whole: what is decoded when is decided late."""

    def __init__(self, host: Hosted, hints: Hints) -> None:
        self.hints = hints
        self._host = host
        self._sound = bytearray()
        self._given = 0  # bytes that the engine has
        self._foreign = 0  # a rate that is not ours
        self._ending = False
        self._aborted = False
        self._lane: Lane | None = None
        self._take: Take | None = None
        # The model may have been let go of: it is loaded while the person speaks.
        self._opening = spawn(outcome(self._open()), "a take begins")
        self._work: asyncio.Task[BaseException | None] | None = None

    def aborted(self) -> bool:
        return self._aborted

    def waiting(self) -> bytes:
        return bytes(self._sound[self._given :])

    def ending(self) -> bool:
        return self._ending

    def feed(self, sound: Pcm) -> None:
        if sound.rate != RATE:
            self._foreign = sound.rate
        self._sound += sound.data
        if self._work is None or (self._work.done() and self._work.result() is None):
            self._work = spawn(outcome(self._catch_up()), "a take goes on")

    def tail(self, begun: bool = True) -> None:
        self._ending = begun

    async def finish(self) -> Transcript:
        self.tail()
        seconds = len(self._sound) / 2 / RATE
        try:
            if self._foreign:
                raise TranscriberError(f"The recogniser needs sound at {RATE} Hz, not {self._foreign}.")
            if error := await asyncio.shield(self._opening):
                raise failed("", error)
            async with asyncio.timeout(self._host.patience(seconds)):
                result = await outcome(self._whole())
        except TimeoutError:
            assert self._lane is not None  # opened
            self._host.give_up(self._lane)
            raise hung(self._lane.engine.name) from None
        finally:
            self.abort()
        assert self._lane is not None
        return checked(result, seconds, self._lane.engine.name)

    def abort(self) -> None:
        if not self._aborted:
            self._aborted = True
            self._host.rest()

    async def _open(self) -> None:
        self._lane = await self._host.ready()

    async def _catch_up(self) -> None:
        """Give the engine what it has not had yet."""
        if await asyncio.shield(self._opening):
            return  # told at the end
        assert self._lane is not None
        if self._take is None and not self._aborted:
            self._take = await self._lane.run(self, self._lane.engine.take, self)
        while self._take and self._given < len(self._sound) and not self._aborted:
            piece = self.waiting()
            self._given += len(piece)
            await self._lane.run(self, self._take.more, piece)

    async def _whole(self) -> Transcript:
        if self._work and (error := await asyncio.shield(self._work)):
            raise error
        await self._catch_up()
        assert self._lane is not None
        assert self._take is not None
        return await self._lane.run(self, self._take.whole)


def checked(result: object, seconds: float, name: str) -> Transcript:
    """The transcript, if it is one at all; else raises TranscriberError."""
    if isinstance(result, BaseException):
        raise failed(name, result)
    if not isinstance(result, Transcript) or not isinstance(result.text, str):
        raise _garbage(name)
    if (
        len(result.text) > ANYTHING + HURRY * seconds
        or not all(letter.isprintable() or letter.isspace() for letter in result.text)
        or not math.isfinite(result.confidence)
    ):
        raise _garbage(name)
    return result


def hung(name: str) -> TranscriberError:
    return TranscriberError(f"The recogniser ({name}) did not answer in time.", fix=FIX, code="recogniser.hung")


def failed(name: str, error: BaseException) -> TranscriberError:
    if isinstance(error, TranscriberError):
        return error
    result = TranscriberError(
        f"The recogniser ({name}) failed: {type(error).__name__}: {error}".removesuffix(": ") + ".",
        fix=FIX,
        code="recogniser.failed",
    )
    result.__cause__ = error
    return result


def _garbage(name: str) -> TranscriberError:
    return TranscriberError(f"The recogniser ({name}) answered with garbage.", fix=FIX, code="recogniser.garbage")
