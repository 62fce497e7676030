"""What both Python APIs share: settings as attributes, the conversation, and the engine behind."""

from __future__ import annotations

import os
import threading
import warnings
import weakref
from collections.abc import Callable, Coroutine, Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, ClassVar, Self, TypeVar

from oi_voice import archive, profiles
from oi_voice.conversations import default_folder
from oi_voice.declared import GROUPS
from oi_voice.events import ApprovalRequested
from oi_voice.facade.exchange import Exchange, Said, request
from oi_voice.facade.groups import Computer, Llm, UnknownSettingError, Voice, find
from oi_voice.facade.history import History
from oi_voice.facade.parts import Composition, Hooks, Machine, Terminal
from oi_voice.facade.running import run_code
from oi_voice.lmc import Lmc
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
        self._history = History()
        self._hooks = Hooks(self._history.keep)
        self._opening = threading.Lock()
        self._open: tuple[Core, Machine] | None = None
        self._process = os.getpid()
        self._stops = 0  # how often stop was called: one that comes while a turn is being started ends it, too
        self._path: Path | None = None
        self.messages = messages or []

    # --- the conversation

    def stop(self) -> None:
        """Stop whatever goes on, from any thread, within 100 ms."""
        self._stops += 1
        if self._open:
            core, machine = self._open
            core.post(machine.engine.cancel)

    def reset(self) -> None:
        """Forget the conversation, and end what the languages run."""
        self._stops += 1
        if self._open:
            self._on_core(_forgotten)
        self.messages = []

    def load(self, conversation: str | os.PathLike[str] | list[Lmc]) -> None:
        """Go on with a saved conversation: its messages come from that file, and new ones are saved there.

        A list is the older form of ``interpreter.messages = conversation``. Raises ConversationError.
        """
        if isinstance(conversation, list):
            warn = "interpreter.load(messages) is now interpreter.messages = messages."
            warnings.warn(warn, FutureWarning, stacklevel=2)
            self.messages = conversation
            return
        path = Path(conversation).expanduser()
        self._history.restore(archive.load(path, default_folder()))
        self._path = path

    @property
    def messages(self) -> list[Lmc]:
        """The conversation, as dicts; a list of your own to read, change and replace. Raises MessageError."""
        self._history.absorb()
        return self._history.entries

    @messages.setter
    def messages(self, messages: list[Lmc] | None) -> None:
        self._history.set(messages or [])

    @property
    def spend(self) -> float:
        """What the models have cost so far, in US dollars, as far as their prices are known."""
        return self._hooks.purse.spent

    def _streamed(self, message: Said, display: bool, consent: Consent | None = None) -> Generator[Lmc, None, None]:
        """The chunks of an answer, which is asked for when the first is wanted."""
        asked, entries = request(message)
        stops, terminal = self._stops, self._composition.terminal() if display else None

        def chunks() -> Generator[Lmc, None, None]:
            yield from self._answers(self._ask(asked, entries, stops), terminal, consent or going_on)

        return chunks()

    def _answers(self, exchange: Exchange, terminal: Terminal | None, consent: Consent) -> Generator[Lmc, None, None]:
        """The chunks of an answer; a question is answered by ``consent`` when the chunk after it is wanted."""
        with closing(exchange):
            for event, chunks in exchange.follow():
                if terminal is not None:
                    terminal.show(event)
                yield from chunks
                if isinstance(event, ApprovalRequested):
                    exchange.answer(event, consent(event))

    def _ask(
        self, asked: list[Message], entries: list[Lmc] | None, stops: int, *,
        always_ask: bool = True, terminal: Terminal | None = None,
    ) -> Exchange:  # fmt: skip
        """``terminal`` is where lines that code wants are asked for."""
        core, machine = self._machine()
        exchange = Exchange(core, machine.engine, self._history, terminal)
        path, self._path = self._path, None
        exchange.start(asked, entries, always_ask=always_ask, path=path)
        if self._stops != stops:
            core.post(machine.engine.cancel)
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

    def extend_config(self, config_path: str) -> None:
        """Older form of a profile: put the settings of a YAML file in force."""
        warnings.warn("A configuration is now called a profile.", FutureWarning, stacklevel=2)
        self._settings.apply(profiles.read(config_path), may_loosen=True)

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
            if self._process != os.getpid():  # a fork has none of our threads
                self._process, self._open = os.getpid(), None
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
        stops = self._stops
        core, machine = self._machine()
        terminal = self._composition.terminal()
        yield from run_code(core, machine.engine, terminal, language, code, display, lambda: self._stops != stops)

    def _runs_unasked(self, question: ApprovalRequested) -> bool:
        if self._settings.safe_mode != "off":
            return False
        allowed = self._settings.auto_run
        return bool(question.level == "read" if allowed == "reads" else allowed)


async def _forgotten(machine: Machine) -> None:
    machine.engine.cancel()
    machine.engine.new_conversation()
    await machine.terminate()
