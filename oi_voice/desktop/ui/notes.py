"""What the popup says beside the code: warnings, a scan, how to answer aloud, why a press did not count."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from oi_voice.desktop.ui.card import hidden_words
from oi_voice.desktop.ui.code import CodeView
from oi_voice.desktop.ui.highlight import PLAIN
from oi_voice.desktop.ui.parts import box, tell, wrapped
from oi_voice.reveal import reveal, strange_hosts

TRUSTED = "Synthetic input is trusted: programs, too, can press Run."
MADE = "A program made that press, so it does not count. If it was you, press with your own mouse or keyboard."
ELSEWHERE = "Deny works. To run it, answer aloud or in the terminal."
LEVELS = {
    **{"read": "Only reads", "reversible": "Can be undone", "changes": "Makes changes"},
    **{"destructive": "Destroys", "sends": "Sends data"},
}
UNKNOWN = "Not understood"
HOSTS = 3  # of which so much is told that each is read
SCAN_LINES = 5


class Badge(QLabel):
    """What is at stake, in two words on a colour."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Level")
        self.setProperty("kind", "badge")
        self.setAccessibleDescription("Level")

    def show_level(self, level: str) -> None:
        """``level`` is one of ``consent.classify.Level``."""
        tell(self, LEVELS.get(level, UNKNOWN))
        self.setProperty("level", level)
        self.setStyle(self.style())  # has the style sheet read the property again


class Notes(QWidget):
    """``talk`` is the key to hold, as a person calls it; without one nothing is answered aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Notes")
        self.talk = ""
        self._trusted = wrapped("danger", "Synthetic input")
        self._hidden, self._hosts = wrapped("warning", "Hidden characters"), wrapped("warning", "Addresses")
        self._scanned = CodeView("What the scan says", numbers=False)
        self._aloud = wrapped("", "Answer aloud")
        self._refused = wrapped("danger", "Why that did not count")
        column = box(QVBoxLayout(self), 8, 0, 0, 0, 0)
        for widget in (self._trusted, self._hidden, self._hosts, self._scanned, self._aloud, self._refused):
            column.addWidget(widget)

    def fill(self, event: dict[str, Any], hidden: int, trusted: bool, why: str) -> None:
        """``hidden`` characters were in its code; ``why`` presses can't be proven here, if so."""
        tell(self._trusted, TRUSTED if trusted else "")
        tell(self._hidden, hidden_words("code", hidden) if hidden else "")
        hosts = strange_hosts(event["code"])
        more = f" And {len(hosts) - HOSTS} more such." if len(hosts) > HOSTS else ""
        tell(self._hosts, " ".join(hosts[:HOSTS]) + more)
        scan = reveal(event["scan"].strip())[0]
        self._scanned.show_code(f"A scan says: {scan}", PLAIN)
        self._scanned.setVisible(bool(scan))
        self._aloud_words(event)
        tell(self._refused, "")
        if why and not trusted:
            self.refuse(why)

    def refuse(self, why: str) -> None:
        """Say that a press did not count: ``why`` none does here, or because of where it came from."""
        tell(self._refused, f"Run can't be pressed here: {why}. {ELSEWHERE}" if why else MADE)

    def offer_voice(self, on: bool) -> None:
        """Tell how to say yes, or not, while that is not about what is in sight."""
        self._aloud.setVisible(on and bool(self._aloud.text()))

    def fit(self, width: int) -> None:
        """Take the height that the scan needs, up to a few lines."""
        lines = round(SCAN_LINES * self._scanned.fontMetrics().lineSpacing()) + 22
        self._scanned.setFixedHeight(min(self._scanned.wanted_height(width), lines))

    def _aloud_words(self, event: dict[str, Any]) -> None:
        phrase = f"code {' '.join(event['spoken'])}" if event["spoken"] else "yes, run it"
        heard = event["voice"] and self.talk
        tell(self._aloud, f"To say yes aloud, hold {self.talk} and say “{phrase}”." if heard else "")
