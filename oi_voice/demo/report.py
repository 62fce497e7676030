"""What came of the scenes, for a program (JSON) and for a person (a table)."""

from __future__ import annotations

import textwrap
from dataclasses import asdict, dataclass, field
from typing import Any

WIDTH = 110


@dataclass(slots=True)
class Scene:
    """One scene's outcome. ``ok`` only if its outside check held; ``legs_ms`` in milliseconds.

    ``approved`` is None where nothing was asked. ``evidence`` are sentences and file names.
    """

    name: str
    title: str
    ok: bool = False
    heard: str = ""
    code: str = ""
    approved: bool | None = None
    done: str = ""
    said: str = ""
    legs_ms: dict[str, float] = field(default_factory=dict)
    evidence: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Report:
    """All scenes, and where their pictures, sound and transcript lie."""

    scenes: list[Scene] = field(default_factory=list)
    out: str = ""
    stt: str = ""
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        return bool(self.scenes) and all(scene.ok for scene in self.scenes)

    def to_json(self) -> dict[str, Any]:
        """``{"scenes": [{"name", "ok", "heard", "code", "approved", "said", "legs_ms", "evidence", …}], "ok", …}``."""
        return {**asdict(self), "ok": self.ok}


def table(report: Report) -> str:
    """The scenes as text to be read in a terminal."""
    held = sum(scene.ok for scene in report.scenes)
    last = f"{held} of {len(report.scenes)} scenes ok in {report.seconds:.0f} s."
    return "\n\n".join([*map(_block, report.scenes), f"{last} Pictures, sound and transcript: {report.out}"])


def _block(scene: Scene) -> str:
    asked = f"{scene.code}\n→ {'run' if scene.approved else 'denied'}" if scene.approved is not None else "nothing"
    legs = " · ".join(f"{name.replace('_', ' ')} {value:.0f}" for name, value in scene.legs_ms.items())
    rows = {"heard": scene.heard or "nothing", "asked": asked, "done": scene.done, "said": scene.said or "nothing"}
    rows["ms"] = legs
    if not scene.ok:
        rows["why"] = "\n".join(scene.evidence)
    head = f"{'ok  ' if scene.ok else 'FAIL'}  {scene.name}  {scene.title}"
    return "\n".join([head, *(_row(name, text) for name, text in rows.items() if text)])


def _row(name: str, text: str) -> str:
    lines = [part for line in text.splitlines() for part in textwrap.wrap(line, WIDTH - 13) or [""]]
    return "\n".join(f"      {name if number == 0 else '':5}  {line}" for number, line in enumerate(lines))
