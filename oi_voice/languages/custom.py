"""Languages that a person wrote: a class with ``name``, ``run(code)``, ``stop()`` and ``terminate()``.

``run`` yields dicts in LMC form; it blocks as long as it likes, on a thread of its own. Optional are ``aliases``,
``system_message`` (added to what the model is told) and ``file_extension`` (with or without its dot).
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from typing import Any

from oi_voice.errors import LanguageError, MessageError
from oi_voice.languages.capped import Capped
from oi_voice.lmc import entry_messages
from oi_voice.messages import Chunk, Kind, Role
from oi_voice.runtime import Worker, in_thread, outcome, spawn

PATIENCE = 1.0  # seconds that a person's stop() and terminate() are given
_END = object()


class CustomLanguage:
    """``ports.Language`` for a person's class, or for an object of such.

    A class is called when it is first needed, with ``computer`` where it takes an argument. ``capped`` makes what
    bounds the console text of a run. Raises ``LanguageError`` where it has no name or no ``run``.
    """

    def __init__(self, what: Any, computer: object = None, capped: Callable[[], Capped] = Capped) -> None:
        self.name, self.aliases = _name(what), tuple(getattr(what, "aliases", None) or ())
        self.system_message = str(getattr(what, "system_message", None) or "")
        self.file_extension = str(getattr(what, "file_extension", None) or "").lstrip(".")
        self.what, self._computer, self._capped = what, computer, capped
        self._lock = asyncio.Lock()
        self._home: _Home | None = None
        self._current: _Run | None = None
        self._stopping: asyncio.Task[bool] | None = None
        self._closed = False

    async def start(self) -> None:
        """Make the object. Raises ``LanguageError`` when that fails."""
        await self._made()

    async def run(self, code: str, run: str) -> AsyncGenerator[Chunk, None]:
        """Run ``code``; what is yielded is fetched as it is asked for. Waits for a run that was left early.

        Raises ``LanguageError`` with what the person's ``run`` raised, and where it had to be given up.
        """
        capped, active, failure = self._capped(), False, None
        try:
            async with aclosing(self._yielded(code)) as chunks:
                async for chunk in chunks:
                    active = chunk.content != "" if chunk.format == "active_line" else active
                    if chunk.kind is not Kind.CONSOLE or chunk.format in ("active_line", "notice"):
                        yield chunk
                    elif (shown := capped.add(chunk.content)) or not chunk.content:
                        yield replace(chunk, content=shown)
        except LanguageError as error:
            failure = error
        for content, form in ((capped.end(), "output"), (capped.where, "notice")):
            if content:
                yield Chunk(Role.COMPUTER, Kind.CONSOLE, content, form)
        if failure:
            raise failure
        if active:
            yield Chunk(Role.COMPUTER, Kind.CONSOLE, "", "active_line")

    async def stop(self) -> bool:
        """Call the person's ``stop``. False when the code did not end in time: it is given up, and heard no more."""
        if self._stopping is None:
            if self._current is None or self._current.over.is_set():
                return True
            self._stopping = spawn(self._end(self._current), "custom language stop")
        return await asyncio.shield(self._stopping)

    async def close(self) -> None:
        """As ``terminate``, for good."""
        self._closed = True
        await self.terminate()

    async def terminate(self) -> None:
        """Call the person's ``terminate``, where there is an object; the next run makes a new one."""
        home, self._home = self._home, None
        if home:
            await home.terminate()
        if self._current:
            self._current.give_up()

    async def _yielded(self, code: str) -> AsyncGenerator[Chunk, None]:
        home = await self._made()
        while self._current and not self._current.over.is_set():
            await self._current.over.wait()
            home = await self._made()
        current, number = _Run(home), 0
        self._current = current
        try:
            stream = self._good(await current.step(lambda: iter(home.object.run(code))))
            current.stream = stream
            while (entry := self._good(await current.step(next, stream, _END))) is not _END:
                number += 1
                for chunk in self._read(entry, number):
                    yield chunk
        finally:
            current.leave()

    async def _made(self) -> _Home:
        async with self._lock:
            if self._closed:
                raise LanguageError(f"{self.name} has been closed.", code="language.closed")
            if self._home is None:
                home = _Home(Worker(f"language {self.name}"))
                try:
                    home.object = self._good(await home.call(_make, self.what, self._computer))
                except BaseException:
                    home.worker.close()
                    raise
                self._home = home
            return self._home

    async def _end(self, current: _Run) -> bool:
        stop = getattr(current.home.object, "stop", None)
        try:
            async with asyncio.timeout(PATIENCE):
                if stop:
                    await outcome(in_thread(stop))
                await current.over.wait()
        except TimeoutError:
            if self._home is current.home:
                self._home = None
            current.give_up()
            spawn(current.home.terminate(), "custom language end")
            return False
        finally:
            self._stopping = None
        return True

    def _good(self, outcome: Any) -> Any:
        """What came back, unless it is an error."""
        if isinstance(outcome, asyncio.CancelledError):
            raise LanguageError(
                f"{self.name} had to be given up, for the code would not stop.", code="language.died"
            ) from outcome
        if isinstance(outcome, BaseException):
            raise LanguageError(
                f"{self.name} failed with {type(outcome).__name__}: {outcome}".rstrip(": ") + ".",
                fix="This language was added by you or your profile: look there.",
                code="language.custom",
            ) from outcome
        return outcome

    def _read(self, entry: object, number: int) -> Iterator[Chunk]:
        try:
            yield from _chunks(entry, number)
        except MessageError as error:
            text = f"{self.name} yielded what cannot be shown: {error.message}\n"
            yield Chunk(Role.COMPUTER, Kind.CONSOLE, text, "notice")


@dataclass
class _Home:
    """An object of a person's class, and the thread on which it is made and runs."""

    worker: Worker
    object: Any = None

    async def call(self, what: Callable[..., Any], *args: Any) -> Any:
        """What the call returns or raises on that thread, either as a value."""
        return await outcome(self.worker.run(what, *args))

    async def terminate(self) -> None:
        self.worker.close()
        if terminate := getattr(self.object, "terminate", None):
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    await outcome(in_thread(terminate))


@dataclass
class _Run:
    """One run; ``over`` when its thread has nothing more to do with it, or was given up."""

    home: _Home
    over: asyncio.Event = field(default_factory=asyncio.Event)
    stream: Any = None
    _step: asyncio.Task[Any] | None = None

    async def step(self, what: Callable[..., Any], *args: Any) -> Any:
        """What the call returns or raises; a ``CancelledError`` where the run was given up meanwhile."""
        if self.over.is_set():
            return asyncio.CancelledError()
        step = self._step = spawn(self.home.call(what, *args), "custom language")
        await asyncio.wait([step])
        return asyncio.CancelledError() if step.cancelled() else step.result()

    def leave(self) -> None:
        """Close the person's generator, behind what it may still be doing."""
        if not self.over.is_set():
            spawn(self._close(), "custom language close")

    def give_up(self) -> None:
        self.over.set()
        if self._step:
            self._step.cancel()

    async def _close(self) -> None:
        await self.home.call(getattr(self.stream, "close", bool))
        self.over.set()


def _name(what: Any) -> str:
    name = getattr(what, "name", None)
    owner = what.__name__ if isinstance(what, type) else type(what).__name__
    missing = "a name" if not isinstance(name, str) or not name.strip() else "a method run(code)"
    if missing == "a name" or not callable(getattr(what, "run", None)):
        raise LanguageError(
            f"{owner} is no language: it has not {missing}.",
            fix="A language is a class with name, run(code), stop() and terminate().",
            code="language.invalid",
        )
    return str(name).strip()


def _make(what: Any, computer: object) -> Any:
    if not isinstance(what, type):
        return what
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    takes = any(parameter.kind in kinds for parameter in inspect.signature(what).parameters.values())
    return what(computer) if takes else what()


def _chunks(entry: object, number: int) -> Iterator[Chunk]:
    """The chunks of one dict; its role is the computer's where it has none. Raises ``MessageError``."""
    if isinstance(entry, Mapping):
        content = entry.get("content")
        if entry.get("format") == "active_line":
            yield Chunk(Role.COMPUTER, Kind.CONSOLE, "" if content is None else str(content), "active_line")
            return
        if content is None and (entry.get("start") or entry.get("end")):
            return
        entry = {"role": "computer", **entry}
        if isinstance(content, int | float):
            entry["content"] = str(content)
    for message in entry_messages(entry, number):
        form = message.format or ("output" if message.kind is Kind.CONSOLE else "")
        yield Chunk(message.role, message.kind, message.content, form, message.recipient)
