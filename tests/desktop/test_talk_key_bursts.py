"""Ten thousand random days of a talk key: whatever keyboard, desktop and engine do, nothing stays stuck."""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from oi_voice.desktop.keys.machine import LATE, POLL, REPEATED, SETTLE, Act, Mode, TalkKey
from oi_voice.events import State

SEQUENCES = 1000  # of each of ten seeds
TAIL = 0.3
SLOW = 0.06  # seconds by which a busy machine may be late
FOUND_WITHIN = POLL + 2 * SETTLE + LATE + 3 * SLOW  # a key that is up


@dataclass
class World:
    """A person at a keyboard, the desktop between, the key's loop, and an engine; all in virtual time."""

    random: random.Random
    mode: Mode
    sees: bool  # the key itself can be looked at
    loses: float  # how probable it is that a release is not reported
    longest: float
    repeats: str  # how a held key is reported
    now: float = 0.0
    real: bool = False
    let_go: float = 0.0
    open: bool = False
    begun: int = 0
    listening: bool = False
    generation: int = 0
    quiet: bool = True  # nobody but the key has done anything
    lost: bool = False
    acts: list[tuple[float, Act]] = field(default_factory=list)
    events: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    count: itertools.count[int] = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self.key = TalkKey(self.mode, self.longest)
        self.wake = 0
        self.reported = self.told = 0.0

    def at(self, time: float, what: Callable[[], None]) -> None:
        heapq.heappush(self.events, (time, next(self.count), what))

    def run(self, until: float) -> None:
        while self.events and self.events[0][0] <= until:
            self.now, _, what = heapq.heappop(self.events)
            what()
            self.check()
        self.now = max(self.now, until)

    def check(self) -> None:
        assert self.key.taking == self.open or not self.quiet
        late = self.now - self.let_go
        if self.mode is Mode.HOLD and self.sees and self.quiet and not self.real and self.open:
            assert late <= FOUND_WITHIN, f"the take goes on {late:.2f} s after the key was let go of"

    # --- the person

    def press(self) -> None:
        self.real = True
        self.report(self.key.down)

    def release(self) -> None:
        self.real, self.let_go = False, self.now
        if self.random.random() < self.loses:
            self.lost = True
        else:
            self.report(self.key.up)

    def repeat(self) -> None:
        if not self.real:
            return
        if self.repeats == "pairs":
            self.report(lambda at: self.key.up(at) + self.key.down(at))  # its halves are reported at once
        else:
            self.report(self.key.down)

    def hold(self, begin: float, end: float) -> None:
        self.at(begin, self.press)
        for number in range(int((end - begin - 0.25) * 30) if self.repeats else 0):
            self.at(begin + 0.25 + number / 30, self.repeat)
        self.at(end, self.release)

    # --- the desktop: what it reports comes in order, and perhaps late

    def report(self, what: Callable[[float], list[Act]]) -> None:
        stamp = self.now
        self.reported = max(self.reported, stamp + self.random.choice((0.0, 0.001, self.random.random() * SLOW)))
        self.at(self.reported, lambda: self.hear(what(stamp)))

    # --- the loop

    def hear(self, acts: list[Act]) -> None:
        for act in acts:
            self.acts.append((self.now, act))
            self.obey(act)
        self.wake += 1
        if (due := self.key.wakes) is not None:
            mine = self.wake
            self.at(
                max(due, self.now) + self.random.choice((0.0, self.random.random() * SLOW)), lambda: self.look(mine)
            )

    def look(self, mine: int) -> None:
        if mine == self.wake:  # else something was read in the meantime, and comes first
            self.hear(self.key.wake(self.now, self.real if self.sees else None))

    # --- the engine

    def obey(self, act: Act) -> None:
        if act is Act.START:
            assert not (self.open and self.quiet), "a take began in a take"
            self.open, self.begun = True, self.begun + 1
            self.start()
        else:
            assert self.open or not self.quiet, "the end of no take"
            self.open = False
            if act is Act.CANCEL:
                self.generation += 1
                self.tell(State.IDLE)
            else:
                self.end()

    def start(self) -> None:
        self.generation += 1
        turn = self.generation
        self.tell(State.IDLE)
        opened = self.now + self.random.choice((0.005, 0.05, 0.2))
        self.at(opened, lambda: self.tell(State.LISTENING) if turn == self.generation else None)

    def end(self) -> None:
        turn = self.generation
        for after, state in ((TAIL, State.TRANSCRIBING), (0.5, State.THINKING), (0.9, State.IDLE)):
            self.at(self.now + after, lambda state=state: self.tell(state) if turn == self.generation else None)

    def tell(self, state: State) -> None:
        self.listening = state is State.LISTENING
        self.told = max(self.told, self.now + self.random.random() * SLOW)  # in order
        self.at(self.told, lambda: self.hear(self.key.engine(self.now, state)))

    # --- what else may happen

    def disturb(self, time: float) -> None:
        self.quiet = False
        self.at(time, self.random.choice((self.escape, self.injected, self.other, self.window, self.engine_ends)))

    def escape(self) -> None:
        self.report(self.key.escape)

    def injected(self) -> None:
        self.report(lambda at: self.key.down(at, injected=True))
        self.report(lambda at: self.key.up(at, injected=True))

    def other(self) -> None:
        self.report(self.key.other)

    def window(self) -> None:
        """Somebody clicks Talk, and again."""
        self.open = True
        self.start()
        turn = self.generation
        self.at(self.now + 1.0, lambda: self.end() if turn == self.generation else None)

    def engine_ends(self) -> None:
        """A microphone is lost, or a window's Stop clicked."""
        self.generation += 1
        self.tell(State.IDLE)


def a_day(seed: int) -> World:
    """Some holds, with whatever may go on beside."""
    chance = random.Random(seed)
    world = World(
        chance,
        chance.choice(list(Mode)),
        sees=chance.random() < 0.7,
        loses=chance.choice((0.0, 0.0, 0.3)),
        longest=chance.choice((1.0, 5.0, 60.0)),
        repeats=chance.choice(("", "burst", "pairs")),
    )
    time, holds = 1.0, chance.randint(1, 6)
    for _ in range(holds):
        end = time + chance.choice((0.04, 0.15, 0.29, 0.31, 1.5))
        world.hold(time, end)
        time = end + chance.choice((0.03, 0.1, 0.5, 3.0))
    if chance.random() < 0.5:
        for _ in range(chance.randint(1, 3)):
            world.disturb(chance.uniform(0.5, time))
    world.run(time + SLOW)
    if world.mode is Mode.HOLD and world.quiet and world.sees and not world.lost and world.longest > 2:
        assert world.begun == holds, "one take a hold"
    world.run(time + world.longest + REPEATED + 5.0)
    return world


def stuck(world: World) -> str:
    """What does not come to rest; or nothing, and then a hold is a take again."""
    if world.key.taking:
        return "a take goes on"
    if world.listening:
        return "the engine listens"
    if world.key.held and world.sees:
        return "the key seems held"
    before, begin = len(world.acts), world.now + 1.0
    world.loses, world.quiet, world.open = 0.0, False, False
    world.hold(begin, begin + 0.5)
    world.run(begin + world.longest + 1.0)
    acts = [act for _, act in world.acts[before:]]
    if acts != [Act.START, Act.END] or world.key.taking or world.key.held:
        return f"a fresh hold made {acts}"
    return ""


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_ten_thousand_random_sequences_leave_nothing_stuck(seed: int) -> None:
    for number in range(seed * SEQUENCES, (seed + 1) * SEQUENCES):
        world = a_day(number)
        assert not (why := stuck(world)), f"sequence {number}: {why}; {world.mode}, sees {world.sees}: {world.acts}"
