"""What a block of code was found to do, gathered; and the sense of each deed in the place where it is done."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from oi_voice.consent.classify import places
from oi_voice.consent.classify.knowledge.places import SINKS
from oi_voice.consent.classify.places import Places, Seen
from oi_voice.consent.classify.risk import LEVELS, Effect, Level, Risk, Target
from oi_voice.consent.classify.scan import is_folder
from oi_voice.consent.classify.texts import Text

TARGETS = 40  # told of one block
SECONDS = 0.4  # spent on one block
STEPS = 20_000  # expressions, statements and commands looked at: 200 lines take some hundreds
_OWN = {
    Effect.RULES: "changes oi_voice's own rules",
    Effect.STARTUP: "changes what starts by itself",
    Effect.SYSTEM: "changes the system's own files",
}


class TooMuchError(Exception):
    """The code is longer, or goes deeper, than it can be followed."""


@dataclass
class Deeds:
    """Gathers effects, targets and reasons. A path that cannot be told is None."""

    here: Path | None
    places: Places = field(init=False)
    until: float = field(init=False)  # by the clock of time.perf_counter
    effects: dict[Effect, None] = field(default_factory=dict)
    targets: dict[tuple[Effect, str, str], Target] = field(default_factory=dict)
    reasons: dict[str, None] = field(default_factory=dict)
    decoded: set[str] = field(default_factory=set)  # texts that were not to be read
    steps: int = STEPS
    _maybe: int = 0

    def __post_init__(self) -> None:
        self.places = Places(self.here)
        self.until = time.perf_counter() + SECONDS

    def risk(self) -> Risk:
        level = max((LEVELS[effect] for effect in self.effects), default=Level.READ, key=lambda level: level.rank)
        effects = sorted(self.effects, key=lambda effect: -LEVELS[effect].rank)
        kept = sorted(self.targets.values(), key=lambda target: -LEVELS[target.effect].rank)
        return Risk(level, tuple(effects), tuple(kept[:TARGETS]), tuple(self.reasons))

    def tick(self) -> None:
        """Count a step. Raises TooMuchError when there were too many, in all languages, or it takes too long."""
        self.steps -= 1
        if self.steps < 0 or time.perf_counter() > self.until:
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
            found = Target(kind, name, effect, **known)  # type: ignore[arg-type]  # its own fields, by name
            self.targets.setdefault((effect, kind, name), replace(found, upto=found.upto or self._maybe > 0))

    def unknown(self, reason: str) -> None:
        self.add(Effect.UNKNOWN, reason=reason)

    # --- files

    def reads(self, path: Text | None, names_only: bool = False) -> None:
        """A file's content is read, or with ``names_only`` what there is."""
        for pattern in self._resolved(path):
            if pattern is None and names_only:
                self.add(Effect.READS)
            elif pattern is None:
                self.unknown("reads a file whose name is made as it runs")
            elif not names_only and places.secret(pattern):
                self.add(Effect.SECRETS, "file", places.shown(pattern), "reads keys or passwords")
            else:
                seen = self.places.look(pattern, deep=False)
                kind = "folder" if names_only or (seen.folders and not seen.files) else "file"
                self._file(Effect.READS, kind, pattern, seen)

    def writes(self, path: Text | None) -> None:
        """A file's content is replaced, or a new file made."""
        for pattern in self._resolved(path):
            if pattern is None:
                self.unknown("writes to a file whose name is made as it runs")
                continue
            seen = self.places.look(places.final(pattern), deep=False)
            taken = seen.files or any(_same(pattern, name) for name in self.places.filled)
            sink = places.shown(pattern) in SINKS
            if not sink and not self._special(pattern):
                self._file(Effect.OVERWRITES if taken else Effect.CREATES, "file", pattern, replace(seen, folders=0))

    def appends(self, path: Text | None) -> None:
        for pattern in self._resolved(path):
            if pattern is None:
                self.unknown("writes to a file whose name is made as it runs")
                continue
            seen = self.places.look(places.final(pattern), deep=False)
            sink = places.shown(pattern) in SINKS
            if not sink and not self._special(pattern):
                self._file(Effect.CHANGES if seen.exists else Effect.CREATES, "file", pattern, seen)

    def changes(self, path: Text | None) -> None:
        """A file, its mode or its owner is changed in place; or files are put into a folder that may have others."""
        for pattern in self._resolved(path):
            if pattern is None:
                self.unknown("changes a file whose name is made as it runs")
            elif not self._special(pattern):
                seen = self.places.look(pattern, deep=False)
                self._file(Effect.CHANGES, "folder" if seen.folders and not seen.files else "file", pattern, seen)

    def fills(self, folder: Text | None) -> None:
        """Files of names that nobody has seen go into a folder: those that are there may be replaced."""
        resolved = self.places.resolve(folder) if folder is not None else None
        if resolved is not None and not self.places.look(resolved, deep=False).exists:
            self.makes(folder)
            return
        if resolved is not None and places.shown(resolved) == str(Path.home()):
            self.unknown("may replace hidden files in the home folder")
        self.changes(folder)

    def makes(self, path: Text | None) -> None:
        """A folder is made."""
        for pattern in self._resolved(path):
            if pattern is None:
                self.unknown("makes a folder whose name is made as it runs")
            elif not self._special(pattern):
                self._file(Effect.CREATES, "folder", pattern, self.places.look(pattern, deep=False))

    def deletes(self, path: Text | None) -> None:
        for pattern in self._resolved(path):
            if pattern is None:
                self.add(Effect.DELETES, "file", "", "deletes files whose names are made as it runs", count=None)
                continue
            self._special(pattern)
            seen = self.places.look(pattern)
            folder = not places.magic(pattern) and is_folder(places.shown(pattern))
            self._file(Effect.DELETES, "folder" if folder else "file", pattern, seen)

    def moves(self, source: Text | None, target: Text | None) -> None:
        """A file or folder gets another name; what had that name is lost."""
        for pattern in self._resolved(source):
            if pattern is None:
                self.unknown("moves a file whose name is made as it runs")
            else:
                self._special(pattern)
        for pattern in self._resolved(target):
            if pattern is None:
                self.unknown("moves a file to a name that is made as it runs")
            elif not self._special(pattern):
                self._settles(Effect.MOVES, source, pattern)
                self.places.filled.add(pattern)

    def copies(self, source: Text | None, target: Text | None) -> None:
        """A file's or folder's copy is made; what had its name is lost."""
        self.reads(source)
        for pattern in self._resolved(target):
            if pattern is None:
                self.unknown("copies a file to a name that is made as it runs")
            elif not self._special(pattern):
                self._settles(Effect.COPIES, source, pattern)

    def links(self, target: Text | None, link: Text | None) -> None:
        """A link is made: what is later done to it is done to what it leads to."""
        to, name = self._one(target), self._one(link)
        if to is None or name is None:
            self.unknown("makes a link to a place that is made as it runs")
            return
        self.places.links[places.shown(name)] = places.shown(to)
        self._special(name)
        self._file(Effect.CREATES, "file", name, self.places.look(name, deep=False))

    def enters(self, path: Text | None, noted: bool = True) -> None:
        """The folder changes from which names are counted."""
        resolved = self._one(path)
        here = places.shown(resolved) if resolved is not None and not places.magic(resolved) else None
        self.places.here = Path(here) if here is not None else None
        if noted:
            self.add(Effect.SESSION)

    def recycles(self, path: Text | None) -> None:
        for pattern in self._resolved(path):
            if pattern is None:
                self.unknown("moves a file to the bin whose name is made as it runs")
            elif not self._special(pattern):
                self._file(Effect.RECYCLES, "file", pattern, self.places.look(pattern))

    # --- how

    def _settles(self, effect: Effect, source: Text | None, pattern: str) -> None:
        """What a move or a copy does where it ends: in a folder it keeps its name."""
        seen = self.places.look(pattern, deep=False)
        names = self._resolved(source)
        if seen.folders and not places.magic(pattern):
            if places.shown(pattern) == str(Path.home()) and any(name is None or places.magic(name) for name in names):
                self.unknown("may replace hidden files in the home folder")
            ends = [f"{pattern}/{name.rpartition('/')[2]}" if name else f"{pattern}/*" for name in names]
        else:
            ends = [pattern]
        for end in ends:
            if self._special(end):
                continue
            there = self.places.look(end, deep=False)
            taken = there.exists and not (places.magic(end) and names and end == names[0])
            taken |= not places.magic(end) and any(_same(end, name) for name in self.places.filled)
            if effect is Effect.MOVES and not there.folders and not places.magic(end):
                taken |= any(name is not None and places.magic(name) for name in names)  # each upon the one before
            if taken and there.folders and not there.files:
                self._file(Effect.CHANGES, "folder", end, there)
            else:
                self._file(Effect.OVERWRITES if taken else effect, "file", end, there)

    def _file(self, effect: Effect, kind: str, pattern: str, seen: Seen) -> None:
        several = places.magic(pattern)
        count = seen.files if seen.exists else 1
        size = seen.bytes if seen.whole and seen.exists else None
        self.add(
            effect,
            kind,
            places.shown(pattern),
            count=None if not seen.whole or (several and not seen.exists) else count,
            bytes=size,
            exists=seen.exists,
            upto=several and "**" in pattern,
        )

    def _special(self, pattern: str) -> bool:
        """Whether the place is more than a file; what follows from that is noted."""
        effect = places.nature(pattern)
        if effect is not None:
            self.add(effect, "file", places.shown(pattern), _OWN[effect])
        return effect is not None

    def _resolved(self, path: Text | None) -> list[str | None]:
        if path is None:
            return [None]
        return [self.places.resolve(option) for option in path.options()] or [None]

    def _one(self, path: Text | None) -> str | None:
        found = self._resolved(path)
        return found[0] if len(found) == 1 else None


def _same(pattern: str, name: str) -> bool:
    return os.path.normpath(places.shown(pattern)) == os.path.normpath(places.shown(name))
