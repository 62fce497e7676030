"""What code would do, as values: effects on targets, and the level that follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any


class Level(Enum):
    """How much is at stake, from least to most; levels compare in this order.

    ``DESTRUCTIVE`` and ``SENDS`` are both the top: neither can be taken back. ``UNKNOWN`` stands below them only so
    that what is known about a block is said; all three always ask.
    """

    READ = "read"
    REVERSIBLE = "reversible"
    CHANGES = "changes"
    UNKNOWN = "unknown"
    DESTRUCTIVE = "destructive"
    SENDS = "sends"

    @property
    def rank(self) -> int:
        return _RANKS[self]

    def __lt__(self, other: Level) -> bool:
        return self.rank < other.rank

    def __le__(self, other: Level) -> bool:
        return self.rank <= other.rank


_RANKS = {level: rank for rank, level in enumerate(Level)}


class Effect(StrEnum):
    """One sort of thing that code does."""

    READS = "reads"  # files, folders, the system, the screen
    NETWORK = "network"  # fetches from a host and tells it nothing but the address
    CREATES = "creates"
    COPIES = "copies"
    MOVES = "moves"  # a file, to a name that is free
    RECYCLES = "recycles"  # moves to the bin
    OPENS = "opens"  # a program, a document, a page
    CLIPBOARD = "clipboard"
    SESSION = "session"  # the windows, the volume, the running program's own state: gone or put back at once
    CHANGES = "changes"  # what is there, keeping the rest of it
    SETTINGS = "settings"
    SCREEN = "screen"  # clicks and types into whatever is in front
    INSTALLS = "installs"
    STARTS = "starts"  # a program or a service that goes on running
    UNKNOWN = "unknown"
    HIDDEN = "hidden"  # code that is decoded before it runs
    ADMIN = "admin"
    FOREIGN = "foreign"  # runs code that comes from a host
    DELETES = "deletes"
    OVERWRITES = "overwrites"
    ENDS = "ends"  # a process, a session, the machine
    STARTUP = "startup"  # what runs by itself later on
    SYSTEM = "system"  # the system's own files and disks
    RULES = "rules"  # oi_voice's own rules, log and program
    SECRETS = "secrets"  # what code prints is told to the model, so keys that are read have left
    SENDS = "sends"


LEVELS = {
    **dict.fromkeys((Effect.READS, Effect.NETWORK), Level.READ),
    **dict.fromkeys((Effect.CREATES, Effect.COPIES, Effect.MOVES, Effect.RECYCLES), Level.REVERSIBLE),
    **dict.fromkeys((Effect.OPENS, Effect.CLIPBOARD, Effect.SESSION), Level.REVERSIBLE),
    **dict.fromkeys((Effect.CHANGES, Effect.SETTINGS, Effect.SCREEN), Level.CHANGES),
    **dict.fromkeys((Effect.INSTALLS, Effect.STARTS), Level.CHANGES),
    **dict.fromkeys((Effect.UNKNOWN, Effect.HIDDEN, Effect.ADMIN), Level.UNKNOWN),
    **dict.fromkeys((Effect.DELETES, Effect.OVERWRITES, Effect.ENDS), Level.DESTRUCTIVE),
    **dict.fromkeys((Effect.STARTUP, Effect.SYSTEM, Effect.RULES, Effect.FOREIGN), Level.DESTRUCTIVE),
    **dict.fromkeys((Effect.SECRETS, Effect.SENDS), Level.SENDS),
}
#: How grave each effect is.
RANKS = {effect: level.rank for effect, level in LEVELS.items()}


@dataclass(frozen=True, slots=True)
class Target:
    """What an effect is on.

    ``kind`` is file, folder, source (what a move takes away), host, package, process, window, program, service,
    setting or text. ``name`` is as resolved: an absolute path (with ``*`` for what cannot be told), a host. ``count``
    is how many files or things there are, None where that cannot be told; ``bytes`` their size where it is known.
    ``upto``: the code may pass over some of them. ``exists`` is None where nobody looked.
    """

    kind: str
    name: str
    effect: Effect
    count: int | None = 1
    bytes: int | None = None
    exists: bool | None = None
    upto: bool = False


@dataclass(frozen=True, slots=True)
class Risk:
    """What a block of code would do. ``reasons`` are clauses that say why it is more than it seems, or cannot be told:
    each goes on from "this code"."""

    level: Level
    effects: tuple[Effect, ...] = ()
    targets: tuple[Target, ...] = ()
    reasons: tuple[str, ...] = ()


def unknown(reason: str) -> Risk:
    """The risk of code that nothing can be told of."""
    return Risk(Level.UNKNOWN, (Effect.UNKNOWN,), (), (reason,))


def to_json(risk: Risk) -> dict[str, Any]:
    """The risk as JSON-able data, with the words a person reads."""
    from oi_voice.consent.words import words

    return {
        "level": risk.level.value,
        "effects": [effect.value for effect in risk.effects],
        "targets": [
            {
                "kind": target.kind,
                "name": target.name,
                "effect": target.effect.value,
                "count": target.count,
                "bytes": target.bytes,
                "exists": target.exists,
                "upto": target.upto,
            }
            for target in risk.targets
        ],
        "reasons": list(risk.reasons),
        "words": words(risk),
    }
