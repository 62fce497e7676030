"""The confirmation popup: it shows code as it is, says what it would do, and asks for a yes or a no.

It never takes the keyboard by itself (see ``attention``). No button is a default one; Return and Space do nothing,
Ctrl+Return twice presses Run, or the button that has the keyboard's attention. A yes needs all of this: the window is
the person's, nothing in it has changed for a second, the end of the code was in sight, and the press is proven to be
made by hand (see ``hand``). Anything else is a no, or no answer.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeyEvent, QMoveEvent, QResizeEvent, QShowEvent

from oi_voice.desktop.ui.attention import WAKING, Attention
from oi_voice.desktop.ui.card import Card, language_name
from oi_voice.desktop.ui.choices import YES, Choices
from oi_voice.desktop.ui.chord import RETURN, Chord
from oi_voice.desktop.ui.code import CodeView
from oi_voice.desktop.ui.hand import Hand, Stroke
from oi_voice.desktop.ui.notes import Badge, Notes
from oi_voice.desktop.ui.parts import label, tell, wrapped
from oi_voice.desktop.ui.press import Arming, Press
from oi_voice.reveal import conceal, reveal

EDITING = 120.0  # seconds that are left after each change of the code
EDITING_TOLD = 5.0  # seconds between tellings of that


class Popup(Card):
    """Shows an ApprovalRequested, with ``voice``: whether it may be answered aloud."""

    key = "digest"

    def __init__(self, tell: Callable[[dict[str, Any]], None]) -> None:
        super().__init__(tell, Qt.WindowType.Dialog)
        self._hand = Hand(QGuiApplication.platformName())
        self._trusted = False
        self._presented = False
        self._edited = float("-inf")
        self.setWindowTitle("oi_voice asks")
        self.setAccessibleName("oi_voice asks")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._choices = Choices(self._chosen)
        self._notes, text = Notes(), CodeView()
        self._badge, self._words = Badge(), wrapped("account", "What it would do")
        self._hint, self._rule = label("hint", "What to do first"), wrapped("account", "The rule")
        head, below = ((self._title, self._badge, None), (self._words,), (self._what,)), (self._notes, self._rule)
        foot = (self._lines, None, self._hint, self._left)
        self._build(text, head, below, foot, self._choices.row)
        self._buttons |= {**self._choices.named, "code": text}
        self._arming = Arming(self, self._choices.yes, self._ready, self._armed)
        free = [self._choices.named["deny"], self._buttons["close"]]
        self._attention = Attention(self, free, self._turned)
        self._chord = Chord(self, self._refresh)
        text.looked.connect(self._looked)
        text.textChanged.connect(self._changed)

    def introduce(self, talk: str, trusted: bool) -> None:
        """``talk`` is the key to hold; ``trusted``: presses need not be made by hand."""
        self._notes.talk, self._trusted = talk, trusted

    def _fill(self, event: dict[str, Any]) -> None:
        shown, hidden = reveal(event["code"].rstrip("\n"))
        self._presented, self._edited = False, float("-inf")
        self._badge.show_level(event["level"])
        tell(self._words, reveal(event["words"])[0])
        tell(self._rule, f"Not asked about again: {reveal(event['rule'])[0]}.")
        self._text.show_code(shown, event["language"])
        self._notes.fill(event, hidden, self._trusted, self._hand.why)
        self._choices.fill(event)
        self._show_mode("")

    def _show_mode(self, mode: str) -> None:
        asked = {"": "Run this {} code?", "edit": "Change this {} code", "allow": "Always allow such {} code?"}[mode]
        if self._asked is not None:
            tell(self._title, asked.format(language_name(self._asked["language"])))
        self._choices.show(mode)
        tell(self._what, self._choices.what)
        self._rule.setVisible(mode == "allow")
        self._notes.offer_voice(mode != "edit")
        self._text.edit(mode == "edit")
        if mode != "edit":
            self.setFocus()
        self._chord.forget()

    def _turn_to(self, mode: str) -> None:
        """Have the code as it is asked about, or let it be edited, or offer rules."""
        if self._asked is None:
            return
        if self._choices.mode == "edit":
            self._fill(self._asked)
        self._show_mode(mode)
        self._changed()
        self._replace()

    def _replace(self) -> None:
        self._place()
        self._arming.disturb()
        QTimer.singleShot(0, self._shown)

    def _place(self) -> None:
        self._notes.fit(self.width() - 40)
        super()._place()

    def _shown(self) -> None:
        super()._shown()
        if self._asked is not None:
            self._text.look()

    def _looked(self) -> None:
        first, last = self._text.in_sight()
        count = self._text.blockCount()
        some = f"Lines {first} to {last} of {count}" if last - first + 1 < count else ""
        tell(self._lines, some or f"{count} line{'s' * (count != 1)}")
        if self._text.all_seen and self._asked is not None and not self._presented:
            self._presented = True
            self._tell({"did": "presented", "digest": self._asked["digest"]})
        self._refresh()

    def _left_words(self, left: str) -> str:
        return f"Denied in {left}"

    def _refresh(self) -> None:
        """Say what a yes still needs, and see whether it is all there."""
        first = ""
        if not self._blocked() and self._choices.mode != "edit":
            first = "" if self._attention.awake else "Click this window first"
            first = first if self._text.end_seen else "Scroll to the end first"
        primed = self._chord.primed
        tell(self._hint, first or (f"Ctrl+Return again: {primed.text()}" if primed else ""))
        self._arming.look()

    def _turned(self) -> None:
        """The window has become the person's, or is so no longer."""
        self._arming.disturb(WAKING)
        self._refresh()

    def _blocked(self) -> bool:
        return bool(self._hand.why) and not self._trusted

    def _ready(self) -> bool:
        seen = self._attention.awake and self._text.end_seen
        return self._asked is not None and seen and self._choices.mode != "edit" and not self._blocked()

    def _armed(self, armed: bool) -> None:
        if not armed:
            self._chord.forget()
        if self._asked is not None:
            self._tell({"did": "armed", "digest": self._asked["digest"], "armed": armed})

    def _proven(self, stroke: Stroke | None) -> bool:
        if self._trusted or (stroke is not None and self._hand.proves(stroke)):
            return True
        self._notes.refuse(self._hand.why)
        self._replace()
        return False

    def _chosen(self, name: str) -> None:
        if name in YES:
            if self._proven(self._choices.named[name].stroke):
                self._say_yes(name)
        elif name == "deny":
            self._refuse()
        elif name == "scan":
            self._hand_in("scan")
        elif name == "use":
            self._use()
        else:
            self._turn_to("" if name == "back" else name)

    def _say_yes(self, name: str) -> None:
        self._hand_in("answer", approved=True, allow="" if name == "run" else name)

    def _refuse(self, late: bool = False) -> None:
        self._hand_in("answer", approved=False, late=late)

    def _hand_in(self, did: str, **answer: object) -> None:
        if asked := self._taken():
            self._tell({"did": did, "turn": asked["turn"], "digest": asked["digest"], **answer})

    def _use(self) -> None:
        """Have it asked about the code as it is now."""
        if self._asked is None:
            return
        was = self._asked["code"]
        code = conceal(self._text.toPlainText()) + was[len(was.rstrip("\n")) :]
        if code == was:
            self._turn_to("")
        elif code.strip():
            self._hand_in("edit", code=code)

    def _changed(self) -> None:
        """There is time for editing, from each change on."""
        now = time.monotonic()
        if self._asked is None or self._choices.mode != "edit":
            return
        self._until = max(self._until, now + EDITING)
        if now - self._edited > EDITING_TOLD:
            self._edited = now
            self._tell({"did": "editing", "digest": self._asked["digest"]})

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if not self._attention.awake:
            return
        if key == Qt.Key.Key_Escape:
            self._turn_to("") if self._choices.mode else self._refuse()
        elif key in RETURN:
            self._chord.press(event)
        else:
            self._text.scroll_by(key)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        stroke, focus = self._chord.release(event), self.focusWidget()
        press = focus if isinstance(focus, Press) else self._choices.named["use" if self._choices.mode else "run"]
        name = self._choices.name(press)
        if stroke is None or not (press.isVisible() and press.isEnabled()):
            return
        if name not in YES:
            press.click()
        elif self._proven(stroke) and self._chord.twice(press):
            self._say_yes(name)

    def showEvent(self, event: QShowEvent) -> None:
        if not event.spontaneous():
            self._hand.watch()
            self._attention.begin()
        self._arming.disturb()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        if not event.spontaneous():
            self._hand.rest()
        self._arming.look()
        super().hideEvent(event)

    def moveEvent(self, event: QMoveEvent) -> None:
        self._arming.disturb()
        super().moveEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arming.disturb()
        super().resizeEvent(event)
