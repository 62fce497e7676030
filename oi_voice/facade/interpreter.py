"""``OpenInterpreter``: the documented Python API. It blocks; the engine works on a thread of its own behind it."""

from __future__ import annotations

import warnings
from typing import Any

from oi_voice.events import ApprovalRequested
from oi_voice.facade.base import UNASKED, Base
from oi_voice.facade.exchange import Exchange
from oi_voice.facade.parts import Machine
from oi_voice.lmc import Lmc
from oi_voice.messages import Message
from oi_voice.ports import Verdict


class OpenInterpreter(Base):
    __doc__ = Base.__doc__

    _waiting: tuple[Exchange, bool, int] | None = None

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
        first = len(self.messages)
        if message is None:
            self._typed_chat()
            return self.messages[first:]
        asked = self._request(message)
        if stream:
            return self._streamed(asked, display)
        exchange = self._ask(asked, always_ask=blocking)
        self._waiting = exchange, display, len(self.messages)
        return self.wait() if blocking else None

    def wait(self) -> list[Lmc]:
        """Wait for a ``chat(…, blocking=False)``, asking in the terminal where need be; returns its messages."""
        if self._waiting is None:
            return []
        (exchange, display, first), self._waiting = self._waiting, None
        for _ in self._answers(exchange, display, self._asked):
            pass
        return self.messages[first:]

    def _asked(self, question: ApprovalRequested) -> Verdict:
        approved = True if self._runs_unasked() else self._composition.terminal().ask(question)
        if approved is None:
            warnings.warn(f"Code was not run. {UNASKED}", stacklevel=6)
            return Verdict(False, "nobody", UNASKED)
        return Verdict(approved, "terminal")

    def _typed_chat(self) -> None:
        core, machine = self._machine()
        terminal = self._composition.terminal()
        core.call(_loaded(machine, self._history.messages()))
        chat = core.submit(terminal.chat(machine.engine))
        while True:
            try:
                chat.result()
            except KeyboardInterrupt:
                core.post(terminal.interrupt)
            else:
                break
        self._history.entries.clear()
        self._history.add(machine.engine.history)


async def _loaded(machine: Machine, messages: list[Message]) -> None:
    machine.engine.cancel("a new request")
    machine.engine.load(messages)
