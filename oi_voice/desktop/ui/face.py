"""What tray and window show of the engine: an icon, a few words, and one menu."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from oi_voice.events import CLOSED, OPEN, Event, Notice, Progress, State, StateChanged, TurnEnded

ICONS = {
    State.IDLE: "idle",
    State.LISTENING: "listening",
    State.TRANSCRIBING: "thinking",
    State.THINKING: "thinking",
    State.ASKING: "asking",
    State.RUNNING: "running",
}
WORDS = {
    State.IDLE: "Ready",
    State.LISTENING: "Listening…",
    State.TRANSCRIBING: "Understanding…",
    State.THINKING: "Thinking…",
    State.ASKING: "Waiting for your answer",
    State.RUNNING: "Running code…",
}
#: Actions and their labels, in order; an empty pair is a line between groups. ``download`` is for where something is
#: missing.
MENU = (
    ("talk", "Talk"),
    ("stop", "Stop"),
    ("retry", "Try the last take again"),
    ("", ""),
    ("show", "Open oi_voice"),
    ("new", "New conversation"),
    ("help", "What can I say?"),
    ("times", "Speed…"),
    ("rules", "Rules…"),
    ("download", "Download Whisper…"),
    ("", ""),
    ("quit", "Quit"),
)


@dataclass(frozen=True, slots=True)
class Face:
    """``trouble`` is the sentence of an error that nothing has followed yet; ``open``: the microphone stays open;
    ``beside`` is what goes on beside all turns."""

    state: State = State.IDLE
    speaking: bool = False
    trouble: str = ""
    open: bool = False
    beside: str = ""

    def after(self, event: Event) -> Face:
        """The face once ``event`` has happened."""
        if isinstance(event, StateChanged):
            over = event.state is State.IDLE
            return replace(self, state=event.state, speaking=event.speaking, trouble=self.trouble if over else "")
        if isinstance(event, TurnEnded):
            return replace(self, state=State.IDLE, speaking=False)
        if isinstance(event, Notice) and event.code in (OPEN, CLOSED):
            return replace(self, open=event.code == OPEN)
        if isinstance(event, Notice) and event.level == "error":
            return replace(self, trouble=event.text)
        if isinstance(event, Progress):
            share = f", {100 * event.done // event.whole} %" if event.whole else ""
            return replace(self, beside="" if event.over else f"{event.what[:1].lower()}{event.what[1:]}{share}")
        return self

    @property
    def _speaks(self) -> bool:
        return self.speaking and self.state in (State.IDLE, State.THINKING)

    @property
    def icon(self) -> str:
        if self._speaks:
            return "speaking"
        return "error" if self.trouble and self.state is State.IDLE else ICONS[self.state]

    @property
    def words(self) -> str:
        if self._speaks:
            return "Speaking…"
        words = "Something went wrong" if self.icon == "error" else WORDS[self.state]
        return f"{words} (the microphone is open)" if self.open and self.state is State.IDLE else words

    @property
    def tooltip(self) -> str:
        return f"oi_voice: {', '.join(filter(None, [self.trouble or self.words, self.beside]))}"

    def message(self) -> dict[str, Any]:
        """What the windows' process is told."""
        return {
            "do": "face",
            **{"icon": self.icon, "words": self.words, "tooltip": self.tooltip},
            **{"listening": self.state is State.LISTENING, "trouble": self.trouble if self.icon == "error" else ""},
        }


def how_to_talk(key: str) -> str:
    """With that key, as a person calls it; empty: there is none."""
    if key:
        return f"Hold {key} and speak, then let go."
    return "To talk, choose Talk in the menu, or run: oi-voice talk toggle"


def talk_label(listening: bool) -> str:
    """The menu's first entry starts a take, and ends the one that goes on."""
    return "Done talking" if listening else "Talk"
