"""What a block of code was found to do, gathered."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from oi_voice.consent.classify import remote
from oi_voice.consent.classify.knowledge.variables import steers
from oi_voice.consent.classify.places import Places
from oi_voice.consent.classify.risk import LEVELS, RANKS, Effect, Level, Risk, Target
from oi_voice.consent.classify.texts import Text

TARGETS = 40  # told of one block
SECONDS = 0.4  # spent on one block
STEPS = 20_000  # expressions, statements and commands looked at: 200 lines take some hundreds


_HOST = re.compile(r"(?:\w+://)?(?:[^@/\s]*@)?\[?((?<=\[)[^]\s]+|[\w.-]+)")


class TooMuchError(Exception):
    """The code is longer, or goes deeper, than it can be followed."""


@dataclass
class Gathered:
    """Gathers effects, targets and reasons."""

    here: Path | None
    places: Places = field(init=False)
    until: float = field(init=False)  # by the clock of time.perf_counter
    effects: dict[Effect, None] = field(default_factory=dict)
    targets: dict[tuple[Effect, str, str], Target] = field(default_factory=dict)
    reasons: dict[str, None] = field(default_factory=dict)
    decoded: set[str] = field(default_factory=set)  # texts that were not to be read
    steps: int = STEPS
    layers: int = 0  # of scripts that scripts run
    _maybe: int = 0

    def __post_init__(self) -> None:
        self.places = Places(self.here)
        self.until = time.perf_counter() + SECONDS

    def risk(self) -> Risk:
        effects = sorted(self.effects, key=lambda effect: -RANKS[effect])
        kept = sorted(self.targets.values(), key=lambda target: -RANKS[target.effect])
        level = LEVELS[effects[0]] if effects else Level.READ
        return Risk(level, tuple(effects), tuple(kept[:TARGETS]), tuple(self.reasons))

    def tick(self) -> None:
        """Count a step. Raises TooMuchError when there were too many, in all languages, or it takes too long."""
        self.steps -= 1
        if self.steps < 0 or (self.steps % 32 == 0 and time.perf_counter() > self.until):
            raise TooMuchError

    @contextmanager
    def maybe(self, doubt: bool = True) -> Iterator[None]:
        """What is found inside may not come to pass, or not for all."""
        self._maybe += doubt
        try:
            yield
        finally:
            self._maybe -= doubt

    def add(self, effect: Effect, kind: str = "", name: str = "", reason: str = "", **known: int | bool | None) -> None:
        """Note an effect; with a ``kind`` on a target, of whose fields ``known`` are more."""
        self.effects[effect] = None
        if reason:
            self.reasons[reason] = None
        if kind:
            self._beyond(effect, kind, name)
            known["upto"] = bool(known.get("upto")) or self._maybe > 0
            found = Target(kind, name, effect, **known)  # type: ignore[arg-type]  # its own fields, by name
            self.targets.setdefault((effect, kind, name), found)

    def _beyond(self, effect: Effect, kind: str, name: str) -> None:
        """What a deed on a target is besides: another computer is told of it, or hands out keys."""
        far = remote.host(name) if kind in ("file", "folder", "source") else ""
        if far:
            self.add(Effect.NETWORK if effect in (Effect.READS, Effect.SECRETS) else Effect.SENDS, "host", far)
        if kind == "host" and remote.gives_keys(name):
            self.add(Effect.SECRETS, "text", name, "reads keys or passwords")

    def steers(self, name: str, value: Text | None) -> None:
        """A variable of the environment is given a value, for all that runs later."""
        reason, address = steers(name), (value.plain or "") if value is not None else ""
        if reason:
            self.unknown(reason)
        found = _HOST.match(address) if reason and ("://" in address or name.lower().endswith("proxy")) else None
        if found:
            self.add(Effect.NETWORK, "host", found[1])

    def unknown(self, reason: str) -> None:
        self.add(Effect.UNKNOWN, reason=reason)
