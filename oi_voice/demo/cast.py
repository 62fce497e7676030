"""One spoken request, from key down to silence, as the person goes through it; with the time of each leg."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from oi_voice.demo.eyes import Eyes
from oi_voice.demo.monitor import Monitor
from oi_voice.demo.person import Person
from oi_voice.demo.program import Event, Program, is_request, named
from oi_voice.demo.stage import Stage
from oi_voice.errors import DesktopError

POPUP = "oi_voice asks"
#: Seconds without sound after which an answer is taken to be over.
QUIET = 0.4


@dataclass(slots=True)
class Exchange:
    """What came of one request. Times in ``at`` are monotonic seconds, ``legs`` milliseconds."""

    heard: str = ""
    code: list[str] = field(default_factory=list)
    approved: list[bool] = field(default_factory=list)
    said: str = ""
    outcome: str = ""
    mark: int = 0
    pictures: list[str] = field(default_factory=list)
    legs: dict[str, float] = field(default_factory=dict)
    at: dict[str, float] = field(default_factory=dict)

    def leg(self, name: str, begin: str, end: str, less: float = 0.0) -> None:
        """Note the time from one point to another, if both were reached."""
        if begin in self.at and end in self.at:
            self.legs.setdefault(name, round(1000 * (self.at[end] - self.at[begin] - less), 1))


@dataclass(frozen=True, slots=True)
class Cast:
    """Everyone on the stage. ``out`` is where pictures go, ``tell`` says what goes on."""

    stage: Stage
    program: Program
    person: Person
    eyes: Eyes
    monitor: Monitor
    out: Path
    tell: Callable[[str], None]

    def ask(self, sentence: str, *, approve: bool = True, picture: str = "") -> Exchange:
        """Hold the key, say it, let go, answer what is asked, and listen to the end.

        The leg ``text_to_first_audio`` leaves out the time that the person takes to answer the popup.
        """
        exchange = self.begin(sentence)
        mark = exchange.mark
        while True:
            event = self.program.wait(mark, 60.0, named("ApprovalRequested"), named("TurnEnded"))
            if event["event"] == "TurnEnded":
                break
            self._answer(event, approve, exchange, picture)
            mark = event["n"] + 1
        self._finish(exchange, event)
        return exchange

    def begin(self, sentence: str) -> Exchange:
        """Hold the key, say it and let go; returns once it was understood. DesktopError when it was not."""
        exchange = Exchange()
        mark = exchange.mark = self.program.mark()
        self.tell(f"holds the key and says: {sentence}")
        exchange.at["down"] = self.person.hold()
        exchange.at["listening"] = self.program.wait(mark, 10.0, named("StateChanged", state="listening"))["at"]
        self.person.speak(sentence)
        exchange.at["up"] = self.person.let_go()
        event = self.program.wait(mark, 30.0, is_request, named("TurnEnded"))
        if event["event"] == "TurnEnded":
            raise DesktopError(f"Nothing was understood of “{sentence}”.", fix="The transcript has what went wrong.")
        exchange.heard = event["chunk"]["content"]
        exchange.at["text"] = event["at"]
        exchange.leg("key_to_listening", "down", "listening")
        exchange.leg("release_to_text", "up", "text")
        return exchange

    def _answer(self, question: Event, approve: bool, exchange: Exchange, picture: str) -> None:
        at = exchange.at
        at["question"] = question["at"]
        popup, word = self.eyes.wait_for(POPUP, 10.0), "Run" if approve else "Deny"
        x, y, at["popup"] = self.eyes.turn_to(popup, word, self.person) if approve else self.eyes.find_word(popup, word)
        if picture:
            self.eyes.screenshot(self.out / picture)
            exchange.pictures.append(picture)
        self.tell(f"is asked about {question['code'].strip().splitlines()[0]!r}, {'runs' if approve else 'denies'} it")
        mark = self.program.mark()
        at["click"] = self.person.click(x, y)
        at["resolved"] = self.program.wait(mark, 10.0, named("ApprovalResolved", digest=question["digest"]))["at"]
        exchange.code.append(question["code"].rstrip())
        exchange.approved.append(approve)
        self.eyes.wait_gone(POPUP, 5.0)

    def _finish(self, exchange: Exchange, ended: Event) -> None:
        at = exchange.at
        exchange.outcome, exchange.said = ended["outcome"], ended["said"]
        at["ended"] = ended["at"]
        self.monitor.wait_for_silence(ended["at"], QUIET, 10.0)
        if "text" not in at:
            return
        if (audio := self.monitor.first_sound(at["text"])) is not None:
            at["audio"] = audio
        deciding = at["click"] - at["popup"] if "click" in at and at["click"] < at.get("audio", 0.0) else 0.0
        exchange.leg("text_to_question", "text", "question")
        exchange.leg("question_to_popup", "question", "popup")
        exchange.leg("answer_to_resolved", "click", "resolved")
        exchange.leg("text_to_first_audio", "text", "audio", less=deciding)
        exchange.leg("text_to_end", "text", "ended", less=deciding)
