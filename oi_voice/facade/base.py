"""What both Python APIs share: settings as attributes, the conversation, and the engine behind."""

from __future__ import annotations

import queue
import threading
import warnings
import weakref
from collections.abc import Callable, Coroutine, Generator, Iterator
from concurrent.futures import CancelledError
from contextlib import aclosing, closing, suppress
from typing import Any, ClassVar, Self, TypeVar

from oi_voice import profiles
from oi_voice.declared import GROUPS
from oi_voice.engine import Engine
from oi_voice.events import ApprovalRequested, Event, Streamed
from oi_voice.facade.exchange import Exchange
from oi_voice.facade.groups import Computer, Llm, UnknownSettingError, Voice, find
from oi_voice.facade.history import History
from oi_voice.facade.parts import Composition, Hooks, Machine
from oi_voice.lmc import Lmc, from_lmc
from oi_voice.messages import Chunk, Message
from oi_voice.ports import Verdict
from oi_voice.runtime import Core
from oi_voice.settings import BY_NAME

T = TypeVar("T")
Consent = Callable[[ApprovalRequested], Verdict]
UNASKED = (
    "Nobody could be asked. To allow it, set interpreter.auto_run = True, or stream, where going on past the"
    " confirmation chunk is consent."
)


def going_on(question: ApprovalRequested) -> Verdict:
    """Consent by asking for the chunk after the confirmation."""
    return Verdict(True, "stream")


class Base:
    """An interpreter with its own settings, conversation and languages; many are independent of each other.

    Settings are attributes (``interpreter.auto_run``, ``interpreter.llm.model``), and arguments by the same names
    (``llm={"model": …}`` or ``llm_model=…``). Making one costs nothing: the engine starts with first use, and ends with
    ``close()``, with the ``with`` block, or when the object is dropped.
    """

    _composition: ClassVar[Composition]

    def __init__(self, messages: list[Lmc] | None = None, **settings: Any) -> None:
        self._settings = self._composition.settings()
        self._settings.apply(settings, may_loosen=True)
        self._hooks, self._history = Hooks(), History()
        self._opening = threading.Lock()
        self._open: tuple[Core, Machine] | None = None
        self.messages = messages or []

    # --- the conversation

    def stop(self) -> None:
        """Stop whatever goes on, from any thread, within 100 ms."""
        if self._open:
            core, machine = self._open
            core.post(machine.engine.cancel)

    def reset(self) -> None:
        """Forget the conversation, and end what the languages run."""
        self.stop()
        self.messages = []
        if self._open:
            self._on_core(_forgotten)

    @property
    def messages(self) -> list[Lmc]:
        """The conversation, as dicts; a list of your own to read, change and replace. Raises MessageError."""
        return self._history.entries

    @messages.setter
    def messages(self, messages: list[Lmc]) -> None:
        self._history.set(messages)

    @property
    def spend(self) -> float:
        """What the models have cost so far, in US dollars, as far as their prices are known."""
        return self._open[1].engine.spend if self._open else 0.0

    def _request(self, message: str | Lmc | list[Lmc]) -> list[Message]:
        """What is newly asked; a list becomes the whole conversation instead."""
        if isinstance(message, list):
            self.messages = message
            return []
        entry = {"role": "user", "type": "message", "content": message} if isinstance(message, str) else message
        return from_lmc([{"role": "user", **entry}])

    def _streamed(self, asked: list[Message], display: bool, consent: Consent = going_on) -> Generator[Lmc, None, None]:
        """Ask, when the first chunk is wanted."""
        yield from self._answers(self._ask(asked, always_ask=True), display, consent)

    def _answers(self, exchange: Exchange, display: bool, consent: Consent) -> Generator[Lmc, None, None]:
        """The chunks of an answer; a question is answered by ``consent`` when the chunk after it is wanted."""
        show = self._composition.terminal().show if display else _unseen
        with closing(exchange):
            for event, chunks in exchange.follow():
                show(event)
                yield from chunks
                if isinstance(event, ApprovalRequested):
                    exchange.answer(event, consent(event))

    def _ask(self, asked: list[Message], *, always_ask: bool) -> Exchange:
        core, machine = self._machine()
        exchange = Exchange(core, machine.engine, self._history)
        before = self._history.messages()
        exchange.start(before, asked, always_ask=always_ask)
        self._history.add(asked)
        return exchange

    # --- settings as attributes

    @property
    def llm(self) -> Llm:
        """The language model's settings, and ``completions`` and ``vision_renderer``."""
        return Llm(self, self._settings)

    @property
    def computer(self) -> Computer:
        """The computer that runs code."""
        return Computer(self, self._settings)

    @property
    def voice(self) -> Voice:
        """The assistant's ears and mouth."""
        return Voice(self, self._settings)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name == "server":
            raise UnknownSettingError(
                "This version has no server.", fix="Use chat(…, stream=True) behind one of yours."
            )
        return self._settings.get(find(name))

    def __setattr__(self, name: str, value: object) -> None:
        if name.startswith("_") or (isinstance(getattr(type(self), name, None), property) and name not in GROUPS):
            object.__setattr__(self, name, value)
        elif name in GROUPS and isinstance(value, dict):
            self._settings.apply({name: value}, may_loosen=True)
        else:
            self._settings.apply({find(name): value}, may_loosen=True)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *(name for name in BY_NAME if "." not in name)]

    # --- older forms

    def load(self, messages: list[Lmc]) -> None:
        """Older form of ``interpreter.messages = messages``."""
        warnings.warn("interpreter.load(messages) is now interpreter.messages = messages.", FutureWarning, stacklevel=2)
        self.messages = messages

    def extend_config(self, config_path: str) -> None:
        """Older form of a profile: put the settings of a YAML file in force."""
        warnings.warn("A configuration is now called a profile.", FutureWarning, stacklevel=2)
        profiles.load(self._settings, config_path)

    # --- the engine behind

    def close(self) -> None:
        """Stop everything and end what was started; used again, it starts again."""
        with self._opening:
            if self._open:
                self._open = None
                self._finalizer()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _machine(self) -> tuple[Core, Machine]:
        with self._opening:
            if self._open is None:
                core = Core()
                try:
                    machine = core.call(self._composition.open(self._settings, self._hooks))
                except BaseException:
                    core.stop()
                    raise
                self._open = core, machine
                self._finalizer = weakref.finalize(self, core.stop, machine.close)
            return self._open

    def _on_core(self, what: Callable[[Machine], Coroutine[Any, Any, T]]) -> T:
        core, machine = self._machine()
        return core.call(what(machine))

    def _execute(self, language: str, code: str, display: bool) -> Iterator[Chunk]:
        """Run the person's own code; what it says, as it comes."""
        core, machine = self._machine()
        show = self._composition.terminal().show if display else _unseen
        chunks: queue.SimpleQueue[Chunk | None] = queue.SimpleQueue()
        run = core.submit(_run_code(machine.engine, language, code, chunks.put))
        try:
            while (chunk := chunks.get()) is not None:
                show(Streamed("", chunk))
                yield chunk
            with suppress(CancelledError):  # somebody stopped it
                run.result()
        finally:
            run.cancel()

    def _runs_unasked(self) -> bool:
        return bool(self._settings.auto_run) and self._settings.safe_mode == "off"


async def _run_code(engine: Engine, language: str, code: str, put: Callable[[Chunk | None], None]) -> None:
    try:
        async with aclosing(engine.run_code(language, code)) as chunks:
            async for chunk in chunks:
                put(chunk)
    finally:
        put(None)


async def _forgotten(machine: Machine) -> None:
    machine.engine.new_conversation()
    await machine.terminate()


def _unseen(event: Event) -> None:
    """Show nothing."""
