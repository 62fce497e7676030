"""A model that is asked again when it was only busy."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from oi_voice.errors import ModelError
from oi_voice.messages import Message
from oi_voice.ports import Abilities, Delta, Model

NAMED_MAX = 60.0  # seconds that a server may ask for and be waited for


@dataclass(frozen=True, slots=True)
class Schedule:
    """How often a model is asked, and the seconds between: exponential back-off with equal jitter.

    Before try n + 1 it waits for half of ``min(cap, base * factor ** (n - 1))``, and up to as much again by chance, so
    that many clients of one server do not come back all at once. No try begins later than ``whole`` after the first.
    """

    tries: int = 5
    base: float = 0.5
    factor: float = 2.0
    cap: float = 20.0
    whole: float = 65.0  # a minute that a server named, and the tries themselves

    def delay(self, failed: int, chance: float) -> float:
        """Seconds to wait after so many failed tries; ``chance`` is 0 to 1."""
        return min(self.cap, self.base * self.factor ** (failed - 1)) * (1 + chance) / 2


class Patient:
    """``ports.Model`` around another: asks again when nothing was said yet and the error is a passing one.

    The time that a server names is waited for as it is. ``told`` gets a sentence for the person before each wait. Once
    something of a reply was passed on, its error is raised as it came. ``now``, ``sleep`` and ``chance`` (0 to 1) are
    the clock, the wait and the luck.
    """

    def __init__(
        self,
        model: Model,
        told: Callable[[str], None],
        schedule: Schedule = Schedule(),
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._model, self._told, self._schedule = model, told, schedule
        self._now, self._sleep, self._chance = now, sleep, chance

    @property
    def name(self) -> str:
        return self._model.name

    @property
    def abilities(self) -> Abilities:
        return self._model.abilities

    async def start(self) -> None:
        await self._model.start()

    async def close(self) -> None:
        await self._model.close()

    async def respond(self, messages: Sequence[Message]) -> AsyncGenerator[Delta, None]:
        """Stream the reply; each try asks the same. Raises the last try's ModelError."""
        began, failed, said = self._now(), 0, False
        while True:
            try:
                async with aclosing(self._model.respond(messages)) as stream:
                    async for delta in stream:
                        said = said or _says(delta)
                        yield delta
                return
            except ModelError as error:
                failed += 1
                if said or not error.transient:
                    raise
                delay = self._delay(error, failed, self._now() - began)
                words = _again(error, delay, failed + 1, self._schedule.tries)
            self._told(words)
            await self._sleep(delay)

    def _delay(self, error: ModelError, failed: int, elapsed: float) -> float:
        """Seconds to wait before the next try; raises the error where there is none to be."""
        named = error.after or 0.0
        delay = named if named > 0 else self._schedule.delay(failed, self._chance())
        late = elapsed + delay > self._schedule.whole
        if named > NAMED_MAX or (named > 0 and late):
            raise _asks_for(error, named) from error
        if late or failed >= self._schedule.tries:
            raise error
        return delay


def _says(delta: Delta) -> bool:
    """Whether a piece is one that must not come twice; bare bookkeeping may."""
    return bool(delta.text or delta.thought or delta.call or delta.finish)


def _again(error: ModelError, delay: float, attempt: int, tries: int) -> str:
    what = error.message.split(". ")[0].rstrip(".")
    return f"{what}; trying again in {_seconds(delay)} ({attempt} of {tries})."


def _seconds(delay: float) -> str:
    return f"{max(delay, 0.1):.1f}".removesuffix(".0") + " s"


def _asks_for(error: ModelError, named: float) -> ModelError:
    """The error, with the time that the server named in its words."""
    span = f"{named / 60:.0f} minutes" if named >= 120 else f"{named:.0f} seconds"
    if named >= 7200:
        span = f"{named / 3600:.0f} hours"
    fix = f"The server asks to be left alone for {span}. {error.fix}".strip()
    return ModelError(error.message, fix=fix, code=error.code, transient=error.transient, after=error.after)
