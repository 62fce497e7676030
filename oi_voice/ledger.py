"""Where the time of a turn goes: key → ready, release → text → first token → first sound."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

#: From mark to mark, with what a person calls the leg and the milliseconds above which it is slow. The sum of the
#: last three is what others call voice to voice; 800 ms is the usual goal.
LEGS: Mapping[str, tuple[str, str, str, float]] = {
    "listening": ("key", "ready", "The microphone", 60),
    "transcribing": ("release", "text", "The recogniser", 800),
    "thinking": ("text", "token", "The language model", 1500),
    "speaking": ("token", "sound", "The voice", 300),
}
KEPT = 200  # turns in the file


@dataclass(slots=True)
class Ledger:
    """When things happened first in one turn, in seconds of ``time.monotonic``."""

    marks: dict[str, float] = field(default_factory=dict)

    def mark(self, name: str) -> None:
        """Note that it happened, unless it has before."""
        self.marks.setdefault(name, time.monotonic())

    def legs(self) -> dict[str, float]:
        """Milliseconds of each leg that was gone."""
        marks = self.marks
        return {
            leg: round((marks[end] - marks[start]) * 1000, 1)
            for leg, (start, end, *_) in LEGS.items()
            if start in marks and end in marks
        }


def told(legs: Mapping[str, float]) -> str:
    """The legs on one line: ``listening 18 ms, transcribing 240 ms``."""
    return ", ".join(f"{leg} {legs[leg]:.0f} ms" for leg in LEGS if leg in legs)


def slow(turns: Iterable[Mapping[str, float]]) -> str:
    """A sentence on the leg that is slowest against what it may take; empty where none is, or nothing is known."""
    turns = list(turns)
    middles = {leg: median(found) for leg in LEGS if (found := [turn[leg] for turn in turns if leg in turn])}
    over = {leg: middles[leg] / LEGS[leg][3] for leg in middles if middles[leg] > LEGS[leg][3]}
    if not over:
        return ""
    leg = max(over, key=lambda each: over[each])
    *_, name, most = LEGS[leg]
    return f"{name} is slow: {middles[leg]:.0f} ms in the middle of {len(turns)} turns, where {most:.0f} would do."


def keep(path: Path, legs: Mapping[str, float]) -> None:
    """Add a turn's legs to the file, which holds the last ``KEPT``. Raises OSError."""
    if not legs:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [*(json.dumps(turn) for turn in read(path)[-KEPT + 1 :]), json.dumps(dict(legs))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def read(path: Path) -> list[dict[str, float]]:
    """The legs of the turns in the file, oldest first; lines that are none are passed over."""
    if not path.exists():
        return []
    found = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            turn = json.loads(line)
        except ValueError:
            continue
        if isinstance(turn, dict) and all(isinstance(value, int | float) for value in turn.values()):
            found.append({leg: float(turn[leg]) for leg in LEGS if leg in turn})
    return found


def default_path() -> Path:
    """The file of the last turns' legs, in the program's own state folder."""
    import platformdirs

    return Path(platformdirs.user_state_dir("oi_voice", appauthor=False)) / "latency.jsonl"
