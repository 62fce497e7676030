"""Where the time of a turn goes: key → ready, release → text → first token → first sound."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

#: From mark to mark, with what a person calls the leg and the milliseconds above which it is slow. The sum of the
#: last three is what others call voice to voice; 800 ms is the usual goal.
LEGS: Mapping[str, tuple[str, str, str, float]] = {
    "listening": ("key", "ready", "The microphone", 60),
    "transcribing": ("release", "text", "The recogniser", 800),
    "thinking": ("text", "token", "The language model", 1500),
    "speaking": ("token", "sound", "The voice", 300),
}
REPLY = ("thinking", "speaking")  # the legs that a typed request goes, too
KEPT = 200  # turns in the file
RECENT = 20  # of them say how it is now
MOST = 1e11  # what is no number below it is neither a time of ours nor a day


@dataclass(slots=True)
class Ledger:
    """When things happened first in one turn, in seconds of ``time.monotonic``."""

    marks: dict[str, float] = field(default_factory=dict)

    def mark(self, name: str) -> None:
        """Note that it happened, unless it has before."""
        self.marks.setdefault(name, time.monotonic())

    def legs(self) -> dict[str, float]:
        """Milliseconds of each leg that was gone. Backwards goes none: a key may be let go long after the take."""
        marks = self.marks
        return {
            leg: round((marks[end] - marks[start]) * 1000, 1)
            for leg, (start, end, *_) in LEGS.items()
            if start in marks and end in marks and marks[start] <= marks[end]
        }


@dataclass(frozen=True, slots=True)
class Past:
    """The legs of a turn that is over, and when it ended: seconds since 1970, 0 where that was not noted."""

    legs: Mapping[str, float]
    at: float = 0.0

    @property
    def typed(self) -> bool:
        return "thinking" in self.legs and self.legs.keys() <= {*REPLY}

    @property
    def wait(self) -> float | None:
        """Milliseconds from the release, or from Return, to the first sound; None where a leg of it is not known."""
        legs = REPLY if self.typed else ("transcribing", *REPLY)
        return sum(self.legs[leg] for leg in legs) if self.legs.keys() >= {*legs} else None


def told(legs: Mapping[str, float]) -> str:
    """The legs on one line: ``listening 18 ms, transcribing 240 ms``."""
    return ", ".join(f"{leg} {legs[leg]:.0f} ms" for leg in LEGS if leg in legs)


def slow(turns: Iterable[Mapping[str, float]]) -> str:
    """A sentence on the leg that is lately slowest against what it may take; empty where none is, or none is known."""
    turns = list(turns)[-RECENT:]
    times = {leg: found for leg in LEGS if (found := [turn[leg] for turn in turns if leg in turn])}
    over = {leg: median(found) / LEGS[leg][3] for leg, found in times.items() if median(found) > LEGS[leg][3]}
    if not over:
        return ""
    leg = max(over, key=lambda each: over[each])
    *_, name, most = LEGS[leg]
    return (
        f"{name} is slow: {median(times[leg]):.0f} ms in the middle of {_turns(times[leg])}, where {most:.0f} would do."
    )


def usual(turns: Iterable[Past]) -> str:
    """A sentence on how long it lately is from the release to the first sound; empty where no spoken turn came."""
    waits = [turn.wait for turn in turns if turn.wait is not None and not turn.typed][-RECENT:]
    if not waits:
        return ""
    return f"From letting go of the key to the first sound: {median(waits):.0f} ms in the middle of {_turns(waits)}."


def _turns(times: list[float]) -> str:
    return f"{len(times)} turn{'s' * (len(times) > 1)}"


def keep(path: Path, legs: Mapping[str, float], at: float) -> None:
    """Add a turn's legs, and when it ended (seconds since 1970), to the file, which holds the last ``KEPT``.

    Who reads it meanwhile finds a whole one. Raises OSError.
    """
    if not legs:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    turns = [*past(path)[-KEPT + 1 :], Past(legs, at)]
    lines = [json.dumps({**({"at": round(turn.at)} if turn.at else {}), **turn.legs}) for turn in turns]
    with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=".", suffix=".tmp", delete=False) as file:
        try:
            file.write("\n".join(lines) + "\n")
            file.close()
            Path(file.name).replace(path)
        except OSError:
            Path(file.name).unlink(missing_ok=True)
            raise


def past(path: Path) -> list[Past]:
    """The turns in the file, oldest first; lines that are none are passed over. Raises OSError."""
    if not path.exists():
        return []
    found = (_past(line) for line in path.read_text(encoding="utf-8", errors="replace").splitlines())
    return [turn for turn in found if turn is not None]


def read(path: Path) -> list[Mapping[str, float]]:
    """The legs alone of the turns in the file, oldest first. Raises OSError."""
    return [turn.legs for turn in past(path)]


def _past(line: str) -> Past | None:
    try:
        turn: Any = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(turn, dict) or not all(isinstance(value, int | float) for value in turn.values()):
        return None
    known = {name: float(turn[name]) for name in (*LEGS, "at") if 0 <= turn.get(name, -1) < MOST}
    at = known.pop("at", 0.0)
    return Past(known, at) if known else None


def default_path() -> Path:
    """The file of the last turns' legs, in the program's own state folder."""
    import platformdirs

    return Path(platformdirs.user_state_dir("oi_voice", appauthor=False)) / "latency.jsonl"
