"""What a block of code was found to do, gathered; and the sense of each deed in the place where it is done."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from oi_voice.consent.classify import places, remote
from oi_voice.consent.classify.gathered import Gathered, TooMuchError
from oi_voice.consent.classify.knowledge.places import SINKS, SOURCES
from oi_voice.consent.classify.places import Seen
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.scan import is_folder
from oi_voice.consent.classify.spots import home
from oi_voice.consent.classify.texts import Text

__all__ = ["Deeds", "TooMuchError"]

_OWN = {
    Effect.RULES: "changes oi_voice's own rules",
    Effect.STARTUP: "changes what starts by itself",
    Effect.SYSTEM: "changes the system's own files",
}
_STREAMS = frozenset((*SINKS, *SOURCES))


class Deeds(Gathered):
    """The sense of each deed in the place where it is done. A path that cannot be told is None."""

    def reads(self, path: Text | None, names_only: bool = False) -> None:
        """A file's content is read, or with ``names_only`` what there is."""
        for pattern in self._resolved(path):
            if pattern is None and names_only:
                self.add(Effect.READS)
            elif pattern is None:
                self.unknown("reads a file whose name is made as it runs")
            elif places.shown(pattern) in _STREAMS:
                self.add(Effect.READS)
            elif not names_only and self.places.secret(pattern):
                self.add(Effect.SECRETS, "file", places.shown(pattern), "reads keys or passwords")
            else:
                pattern = pattern if names_only else self.places.final(pattern)
                seen = self.places.look(pattern, deep=False)
                kind = "folder" if names_only or (seen.folders and not seen.files) else "file"
                self._file(Effect.READS, kind, pattern, seen)

    def looks(self, path: Text | None) -> None:
        """What is known of a file, and not what is in it, is asked: of another computer's that computer."""
        self.add(Effect.READS)
        for pattern in self._resolved(path):
            if pattern is not None and remote.host(pattern):
                self.reads(path, names_only=True)

    def takes(self, path: Text | None) -> None:
        """Files, and all that is in folders, go elsewhere: into an archive, to a host."""
        for pattern in self._resolved(path):
            if pattern is not None and self.places.secret(f"{pattern}/**"):
                self.add(Effect.SECRETS, "file", places.shown(pattern), "reads keys or passwords")
        self.reads(path)

    def writes(self, path: Text | None) -> None:
        """A file's content is replaced, or a new file made."""
        for pattern in self._resolved(path):
            if pattern is None:
                self.unknown("writes to a file whose name is made as it runs")
                continue
            seen = self.places.look(self.places.final(pattern), deep=False)
            taken = seen.files or any(_same(pattern, name) for name in self.places.filled)
            sink = places.shown(pattern) in SINKS
            if not sink and not self._special(pattern):
                self._file(Effect.OVERWRITES if taken else Effect.CREATES, "file", pattern, replace(seen, folders=0))

    def appends(self, path: Text | None) -> None:
        for pattern in self._resolved(path):
            if pattern is None:
                self.unknown("writes to a file whose name is made as it runs")
                continue
            seen = self.places.look(self.places.final(pattern), deep=False)
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

    def merges(self, source: Text | None, target: Text | None) -> None:
        """A file's copy is made; or all that is in a folder goes into another one, over what is there."""
        name = self._one(source)
        seen = self.places.look(name, deep=False) if name is not None else None
        if seen is None or (seen.files and not seen.folders):
            self.copies(source, target)
        else:
            self.takes(source)
            self.fills(target, over=True)

    def fills(self, folder: Text | None, over: bool = False) -> None:
        """Files of names that nobody has seen go into a folder; with ``over`` in the place of those that are there."""
        resolved = self.places.resolve(folder) if folder is not None else None
        if resolved is not None and not self.places.look(resolved, deep=False).exists:
            self.makes(folder)
            return
        if resolved is not None and places.shown(resolved) == home():
            self.unknown("may replace hidden files in the home folder")
        self.changes(folder)
        if over and resolved is not None and self.places.look(f"{resolved}/*", deep=False).exists:
            self.add(Effect.OVERWRITES, "file", f"{places.shown(resolved)}/*", count=None, exists=True)

    def makes(self, path: Text | None, kind: str = "folder") -> None:
        """A folder is made."""
        for pattern in self._resolved(path):
            if pattern is None:
                self.unknown(f"makes a {kind} whose name is made as it runs")
            elif not self._special(pattern):
                self._file(Effect.CREATES, kind, pattern, self.places.look(pattern, deep=False))

    def begins(self, path: Text | None) -> None:
        """A file is made where there is none; where there is one, that fails."""
        self.makes(path, "file")

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
            elif not self._special(pattern):
                self._file(Effect.MOVES, "source", pattern, self.places.look(pattern, deep=False))
        for pattern in self._resolved(target):
            if pattern is None:
                self.unknown("moves a file to a name that is made as it runs")
            elif not self._special(pattern):
                self._settles(Effect.MOVES, source, pattern)
                self.places.filled.add(pattern)

    def copies(self, source: Text | None, target: Text | None) -> None:
        """A file's or folder's copy is made; what had its name is lost."""
        self.takes(source)
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
            if places.shown(pattern) == home() and any(name is None or places.magic(name) for name in names):
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
                into = effect is Effect.COPIES and self.places.look(f"{end}/*", deep=False).exists
                self._file(Effect.OVERWRITES if into else Effect.CHANGES, "folder", end, there)
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
        effect = self.places.nature(pattern)
        if effect is not None:
            name = places.shown(pattern)
            self.add(effect, "disk" if places.is_disk(name) else "file", name, _OWN[effect])
        return effect is not None and not places.magic(pattern)  # of several files the others are told too

    def _resolved(self, path: Text | None) -> list[str | None]:
        if path is None:
            return [None]
        return [self.places.resolve(option) for option in path.options()] or [None]

    def _one(self, path: Text | None) -> str | None:
        found = self._resolved(path)
        return found[0] if len(found) == 1 else None


def _same(pattern: str, name: str) -> bool:
    return os.path.normpath(places.shown(pattern)) == os.path.normpath(places.shown(name))
