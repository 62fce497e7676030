"""The talk key as a pure state machine: key events, time and the engine's states in; the edges of takes out.

All times are seconds on one clock, which the caller reads; nothing here waits. A held key may be reported as a
burst of presses with one release, or as pairs of release and press with the same time stamp, so a release counts
once no press has followed it for ``SETTLE``. A release that never came is found by looking at the key itself,
where that can be done, and by a press that no repetition explains where not.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from oi_voice.events import State

#: The halves of a repeat pair arrive within 1 ms, a finger takes 30 ms and more.
SETTLE = 0.015
#: How long a press that can be seen on the key itself may take to be reported.
LATE = 0.25
#: A key let go of sooner was tapped, not held.
TAP = 0.3
#: How often a held key is looked at.
POLL = 0.1
#: Another key pressed sooner than this after a modifier makes the two a shortcut of the program in front.
SHORTCUT = 1.0
#: Keyboards repeat a held key sooner than this, if they do.
REPEATED = 2.5
#: How long after the end of a take the engine may still tell that it began.
BELATED = 2.0


class Mode(StrEnum):
    """Hold: talk while the key is down. Toggle: one press begins, another ends. Auto: hold, or tap to toggle."""

    HOLD = "hold"
    TOGGLE = "toggle"
    AUTO = "auto"


class Act(StrEnum):
    """What to call: a take begins, ends to be recognised, or is dropped, as is all else that goes on."""

    START = "pressed"
    END = "released"
    CANCEL = "cancelled"


@dataclass(slots=True)
class _Take:
    """``held``: it ends when the key goes up. ``known``: the engine has told that it listens; ``likely``: it has, but
    perhaps of an earlier take. ``failed``: the engine could not begin it."""

    began: float
    held: bool
    known: bool = False
    likely: bool = False
    failed: bool = False


class TalkKey:
    """``longest`` is the seconds after which a take ends by itself; the key begins another when it is pressed anew.

    Each START has one END or CANCEL, unless the engine ended a take that no key held.
    """

    def __init__(self, mode: Mode = Mode.HOLD, longest: float = 60.0) -> None:
        self.mode = mode
        self._longest = longest
        self._down: float | None = None  # since when the key is down
        self._up: float | None = None  # a release that waits for a press to take it back
        self._pressed = 0.0  # the last press, be it a repetition
        self._looked = 0.0
        self._blind = False  # the key itself can't be looked at
        self._take: _Take | None = None
        self._belated = 0.0  # until when a take that is over may still be said to begin
        self._listening = False

    @property
    def taking(self) -> bool:
        """Whether a take is open."""
        return self._take is not None

    @property
    def held(self) -> bool:
        """Whether the key is taken to be down."""
        return self._down is not None

    @property
    def wakes(self) -> float | None:
        """When ``wake`` is to be called next, unless something happens before."""
        times = []
        if self._up is not None:
            times.append(max(self._up, self._looked) + SETTLE)
        elif self._down is not None and not self._blind:
            times.append(max(self._down, self._looked) + POLL)
        if self._take:
            times.append(self._take.began + self._longest)
        return min(times, default=None)

    def down(self, at: float, *, injected: bool = False) -> list[Act]:
        """A press was reported, or a repetition of it; ``injected`` ones are not the person's."""
        if injected:
            return []
        acts: list[Act] = []
        if self._up is not None:
            if at >= self._up + SETTLE:
                acts = self._let_go(self._up)
        elif self._down is not None and self._blind and at - self._pressed > REPEATED:
            acts = self._let_go(at)
        self._up, self._pressed = None, at
        return acts if self.held else acts + self._press(at)

    def up(self, at: float, *, injected: bool = False) -> list[Act]:
        """A release was reported."""
        if self._down is not None and not injected:
            self._up = at if self._up is None else min(at, self._up)  # it may have been seen on the key before
        return []

    def other(self, at: float) -> list[Act]:
        """Another key was pressed, while a talk key of modifiers only is down: perhaps a shortcut was meant."""
        if self._take and self._take.began == self._down and at - self._take.began < SHORTCUT:
            return self.escape(at)
        return []

    def escape(self, at: float) -> list[Act]:
        """Esc was pressed: with the take, all else that goes on is stopped."""
        self._close(at)
        return [Act.CANCEL]

    def wake(self, at: float, real: bool | None) -> list[Act]:
        """Time has passed. ``real``: whether the key itself is down now; None where that can't be told."""
        acts = [] if self._down is None else self._look(at, real)
        if self._take and at >= self._take.began + self._longest:
            acts += self._end(at)
        return acts

    def engine(self, at: float, state: State) -> list[Act]:
        """The engine's state. It ends takes by itself, and the windows or another program may have begun one."""
        before, self._listening = self._listening, state is State.LISTENING
        if before == self._listening:
            return []
        if not self._listening:
            take = self._take
            if take and not take.held and (take.known or (take.likely and at >= self._belated)):
                self._take = None  # a held one ends when the key goes up
        elif at < self._belated:
            if self._take:
                self._take.likely = True
        else:
            self._take = self._take or _Take(at, held=False)
            self._take.known = True
        return []

    def failed(self) -> None:
        """The engine could not do what it was asked for: a take of which it has not told never began."""
        take = self._take
        if take and not (take.known or take.likely):
            take.failed = True
            self._take = take if take.held else None  # a held one ends when the key goes up, however soon

    def drop(self, at: float) -> list[Act]:
        """Forget the key, which may be another from now on; a take that is open ends."""
        self._down = self._up = None
        return self._end(at) if self._take else []

    def _press(self, at: float) -> list[Act]:
        self._down, self._blind = at, False
        if self._take is None:
            self._take = _Take(at, held=self.mode is not Mode.TOGGLE)
            return [Act.START]
        if self.mode is Mode.HOLD:
            self._take.held = True
            return []
        return self._end(at)

    def _let_go(self, at: float) -> list[Act]:
        tapped = self.mode is Mode.AUTO and self._down is not None and at - self._down < TAP
        self._down = self._up = None
        if self._take and self._take.held:
            if not tapped or self._take.failed:
                return self._end(at)
            self._take.held = False
        return []

    def _look(self, at: float, real: bool | None) -> list[Act]:
        self._looked, self._blind = at, real is None
        if self._up is None:
            self._up = at if real is False else None
        elif at >= self._up + SETTLE:
            if not real:
                return self._let_go(self._up)
            if at >= self._up + LATE:
                self._up = None
        return []

    def _end(self, at: float) -> list[Act]:
        self._close(at)
        return [Act.END]

    def _close(self, at: float) -> None:
        if self._take and not self._take.known:
            self._belated = at + BELATED
        self._take = None
