"""A recogniser that may be exchanged for another at any time, also in the middle of a take."""

from __future__ import annotations

from collections.abc import Callable

from oi_voice.ports import ANY, Hearing, Hints, Pcm, Transcriber, Transcript


class Replaceable:
    """The port's Transcriber around another. A take is finished by the recogniser it began with; one that was replaced
    is closed when its last take is over."""

    def __init__(self, first: Transcriber) -> None:
        self._used = _Used(first)

    async def start(self) -> None:
        await self._used.transcriber.start()

    def hear(self, hints: Hints = ANY) -> Hearing:
        return _Take(self._used, self._used.transcriber.hear(hints))

    def replace(self, new: Transcriber) -> None:
        """Have all further takes recognised by another, which has been started."""
        old, self._used = self._used, _Used(new)
        old.leave()

    def close(self) -> None:
        self._used.transcriber.close()


class _Used:
    """A recogniser, and how many takes it is at."""

    def __init__(self, transcriber: Transcriber) -> None:
        self.transcriber = transcriber
        self._takes = 0
        self._left = False

    def begin(self) -> None:
        self._takes += 1

    def end(self) -> None:
        self._takes -= 1
        self._settle()

    def leave(self) -> None:
        self._left = True
        self._settle()

    def _settle(self) -> None:
        if self._left and not self._takes:
            self.transcriber.close()


class _Take:
    def __init__(self, used: _Used, inner: Hearing) -> None:
        used.begin()
        self._ended: Callable[[], None] | None = used.end
        self._inner = inner

    def feed(self, sound: Pcm) -> None:
        self._inner.feed(sound)

    def tail(self, begun: bool = True) -> None:
        self._inner.tail(begun)

    async def finish(self) -> Transcript:
        try:
            return await self._inner.finish()
        finally:
            self._end()

    def abort(self) -> None:
        self._inner.abort()
        self._end()

    def _end(self) -> None:
        ended, self._ended = self._ended, None
        if ended:
            ended()
