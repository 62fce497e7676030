"""Popup, window and Qt's tray, seen from the parent: they live in a child process that is kept warm.

A front end like any other: it hears the engine's Events and answers by the engine's methods, all on the core
loop. It fails closed: whatever goes wrong between question and answer is a no, or no answer. What a person types for
running code goes from the child to that code, and nowhere else.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from oi_voice.desktop.child import JsonChild
from oi_voice.desktop.fetch import Fetch, Recogniser
from oi_voice.desktop.instance import retry
from oi_voice.desktop.onscreen import Questions
from oi_voice.desktop.rules import RuleBook
from oi_voice.desktop.shown import of_use
from oi_voice.desktop.times import Times
from oi_voice.desktop.ui.face import Face
from oi_voice.engine import Engine
from oi_voice.events import to_json
from oi_voice.ports import Tray
from oi_voice.runtime import spawn

log = logging.getLogger(__name__)

CHILD = "oi_voice.desktop.ui"
#: Seconds in which a question must be on the screen, a cold start of the child on a busy machine included.
SHOWN_WITHIN = 15.0
NO_TRAY = "This desktop has no tray for oi_voice's icon, so it lives in this window. Closing it ends oi_voice."


@dataclass(frozen=True, slots=True)
class About:
    """What the window says of this run, in words for a person; of the model a sentence. ``key`` is empty where there is
    none to hold.

    ``theme`` is system, light or dark. ``trusted``: presses of Run need not be made by hand.
    """

    key: str
    model: str
    recogniser: str
    theme: str = "system"
    trusted: bool = False


class DesktopUi:
    """``quit`` is called when the person chooses to end the program. ``tray`` is shown the state where there
    is one of our own; else the child has Qt's. Where neither has a place the window opens and says why. The window
    offers what the ``recogniser`` does.
    """

    def __init__(
        self,
        engine: Engine,
        about: About,
        quit: Callable[[], None],
        tray: Tray | None = None,
        recogniser: Recogniser | None = None,
    ) -> None:
        self._engine = engine
        self._about = about
        self._quit = quit
        self._tray = tray
        self._face = Face()
        self._child: JsonChild | None = None
        self._questions = Questions(engine, self._hung)
        self._rules = RuleBook(engine, self._send)
        self._times = Times(self._send)
        self._fetch = Fetch(recogniser, self._send)
        self._gone = engine.asking.attend()
        self._subscription = engine.subscribe()
        self._closed = False
        #: True once the child's windows can appear at once.
        self.ready = asyncio.Event()
        #: Set while a question about code, or for a line, is on the screen.
        self.shown, self.line_shown = self._questions.code.shown, self._questions.line.shown
        #: Set while the popup would take a yes: the person has turned to it, and nothing has changed for a while.
        self.armed = self._questions.code.armed

    @property
    def pid(self) -> int | None:
        """The windows' process, while there is one; may be asked on any thread."""
        child = self._child
        return child.pid if child else None

    @property
    def popup_geometry(self) -> dict[str, Any]:
        """While the popup is ``shown``: ``shown_ms``, and the middles of its buttons and of the ``code``."""
        return self._questions.code.geometry

    @property
    def line_geometry(self) -> dict[str, Any]:
        """While ``line_shown``: ``shown_ms``, and the middles of ``field``, ``send``, ``none`` and ``close``."""
        return self._questions.line.geometry

    async def start(self) -> None:
        """Listen to the engine and start the child, which warms up in the background."""
        if self._tray is not None:
            self._tray.show(self._face.icon, self._face.tooltip)
        spawn(self._listen(), "desktop ui")
        self._launch()

    def describe(self, about: About) -> None:
        """Show what has changed of key, model or recogniser."""
        self._about = about
        self._send(self._introduction())

    def show(self, why: str = "") -> None:
        """Bring up the main window; ``why`` is a sentence at its top."""
        self._send({"do": "window", "why": why})

    def act(self, action: str, text: str = "") -> None:
        """Do what was chosen in a menu or the window: an action of ``face.MENU``, or ``say`` with a text."""
        engine = self._engine
        if action == "talk":
            (engine.release if engine.taking else engine.press)()
        elif action == "stop":
            engine.cancel("stop")
        elif action == "retry":
            retry(engine)
        elif action in ("show", "download"):
            self.show()
        elif action == "new":
            engine.new_conversation()
            self._send({"do": "forget"})
            self._rules.refresh()
        elif action == "help":
            engine.start_turn("what can I say")
        elif action == "rules":
            self._rules.show()
        elif action == "times":
            self._times.show()
        elif action in ("fetch", "keep"):
            self._fetch.act(action)
        elif action == "say" and text.strip():
            engine.start_turn(text.strip())
        elif action == "quit":
            self._quit()

    async def close(self) -> None:
        """Take the windows down; an open question is answered no. May be called more than once."""
        if self._closed:
            return
        self._closed = True
        self._subscription.close()
        self._questions.refuse("popup closed")
        self._gone()
        if self._child is not None:
            await self._child.close()

    def _launch(self) -> None:
        """Start the child if there is none; it then asks what is open."""
        if self._child is not None or self._closed:
            return
        child = JsonChild(CHILD, lambda message: self._hear(child, message), self._lost)
        self._child = child
        child.start()
        child.send(self._introduction())
        child.send(self._face.message())
        self._fetch.tell()
        for question in self._questions.open():
            child.send(question)

    async def _listen(self) -> None:
        async for event in self._subscription:
            before, self._face = self._face, self._face.after(event)
            if self._face != before:
                self._send(self._face.message())
                if self._tray is not None:
                    self._tray.show(self._face.icon, self._face.tooltip)
            if question := self._questions.follow(event, SHOWN_WITHIN):
                self._send(question)
                self._launch()
            if of_use(event):
                self._send(to_json(event))
            self._rules.follow(event)
            self._fetch.follow(event)

    def _hear(self, child: JsonChild, message: dict[str, Any]) -> None:
        if child is not self._child:
            return
        did = message.get("did")
        if did == "ready":
            self.ready.set()
            if self._tray is None and not message.get("tray"):
                self.show(NO_TRAY)
        elif did == "shown":
            self._questions.appeared(message)
        elif did in ("presented", "editing", "armed"):
            self._questions.told(message)
        elif did in ("answer", "edit", "scan", "line"):
            if not (self._questions.typed(message) if did == "line" else self._questions.answered(message)):
                child.kill()
        elif did == "rules":
            self._rules.attend(message.get("shown") is True)
        elif did == "revoke":
            self._rules.revoke(str(message.get("id")))
        elif did == "times":
            self._times.refresh()
        elif did == "action":
            self.act(str(message.get("action")), str(message.get("text", "")))
        else:
            log.warning("the windows' process sent %r", message)
            child.kill()

    def _lost(self, why: str) -> None:
        """The child is gone. Refuse what it was asking; have the next one ready, if this one ever was."""
        self._child = None
        self._rules.attend(False)
        was_ready = self.ready.is_set()
        self.ready.clear()
        if self._closed:
            return
        log.warning("the windows' process is gone: %s", why)
        if refused := self._questions.refuse("popup crashed"):
            self._engine.notify("error", "desktop.popup", f"{refused}: the question could not be shown ({why}).")
        elif not was_ready:
            self._engine.notify("error", "desktop.windows", f"oi_voice's windows can't be shown: {why}.")
        if was_ready:
            self._launch()

    def _hung(self) -> None:
        log.warning("the popup did not appear within %g s", SHOWN_WITHIN)
        if self._child is not None:
            self._child.kill()

    def _send(self, message: dict[str, Any]) -> None:
        if self._child is not None:
            self._child.send(message)

    def _introduction(self) -> dict[str, Any]:
        return {"do": "about", "own_tray": self._tray is not None, **asdict(self._about)}
