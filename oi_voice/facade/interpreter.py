"""``OpenInterpreter``: the documented Python API. It blocks; the engine works on a thread of its own behind it."""

from __future__ import annotations

import sys
import warnings
from functools import partial
from typing import Any

from oi_voice.errors import OiVoiceError
from oi_voice.events import ApprovalRequested
from oi_voice.facade.base import UNASKED, Base
from oi_voice.facade.exchange import Exchange, request
from oi_voice.facade.parts import Machine, Terminal
from oi_voice.facade.stream import NEWER
from oi_voice.lmc import Lmc
from oi_voice.messages import Message
from oi_voice.ports import Verdict
from oi_voice.waiting import settled


class OpenInterpreter(Base):
    __doc__ = Base.__doc__

    _waiting: tuple[Exchange, Terminal, bool] | None = None

    def chat(
        self, message: str | Lmc | list[Lmc] | None = None, display: bool = True, stream: bool = False,
        blocking: bool = True,
    ) -> Any:  # fmt: skip
        """Say something; returns the new messages.

        ``message`` is text, one message as a dict, or a list that becomes the whole conversation; None: a typed chat in
        the terminal. With ``stream``, a generator of chunks: going on past a ``confirmation`` is consent, closing it
        there means that the code is not run, and closing it anywhere stops everything. Without ``blocking`` it
        returns at once; ``wait`` gives the messages. ``display`` shows in the terminal what happens.

        Without ``stream``, code is run after a yes in the terminal, or with ``auto_run``. Raises OiVoiceError.
        """
        if self._waiting:
            self._waiting[0].close()
            self._waiting = None
        if message is None:
            return self._typed_chat()
        if stream:
            return self._streamed(message, display)
        terminal = self._composition.terminal()
        lines = terminal if display else None
        exchange = self._ask(*request(message), self._stops, always_ask=blocking, terminal=lines)
        self._waiting = exchange, terminal, display
        return self.wait() if blocking else None

    def wait(self) -> list[Lmc]:
        """Wait for a ``chat(…, blocking=False)``, asking in the terminal where need be; returns its messages."""
        if self._waiting is None:
            return []
        (exchange, terminal, display), self._waiting = self._waiting, None
        for _ in self._answers(exchange, terminal if display else None, partial(self._asked, terminal)):
            pass
        if exchange.superseded:
            raise OiVoiceError("Something else was asked before this was answered.", code="interrupted")
        return self._history.new()

    def _asked(self, terminal: Terminal, question: ApprovalRequested) -> Verdict:
        approved = True if self._runs_unasked(question) else terminal.ask(question)
        if approved is None:
            warnings.warn(f"Code was not run. {UNASKED}", stacklevel=_callers())
            return Verdict(False, "nobody", UNASKED)
        return Verdict(approved, "terminal")

    def _typed_chat(self) -> list[Lmc]:
        core, machine = self._machine()
        terminal = self._composition.terminal()
        self._history.absorb()
        core.call(_loaded(machine, self._history.begin(0)))
        chat = core.submit(terminal.chat(machine.engine))
        while True:
            try:
                settled(chat)
            except KeyboardInterrupt:
                core.post(terminal.interrupt)
            else:
                return self._history.new()


async def _loaded(machine: Machine, messages: list[Message]) -> None:
    machine.engine.end_turn(NEWER)
    machine.engine.load(messages)


def _callers() -> int:
    """The stack level of whoever called us from outside, as ``warnings.warn`` counts from its caller."""
    level, frame = 1, sys._getframe(1)
    while frame.f_back and frame.f_globals["__name__"].startswith("oi_voice."):
        level, frame = level + 1, frame.f_back
    return level
