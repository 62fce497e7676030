"""A grammar as the smallest automaton that accepts the same sentences.

pocketsphinx compiles JSGF into a network full of empty transitions, which it then walks for every frame of sound.
Made deterministic (subset construction) and minimal (Moore's partition refinement), the same grammar is decoded
about ten times as fast. Both algorithms: Hopcroft and Ullman, Introduction to Automata Theory, chapters 2 and 3.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

Arc = tuple[int, int, str]  # from, to, word; an empty word costs nothing


@dataclass(frozen=True, slots=True)
class Automaton:
    """States are numbers; ``accepting`` are those in which a sentence may end."""

    start: int
    accepting: frozenset[int]
    arcs: frozenset[Arc]


def read(lines: Iterable[str]) -> tuple[int, int, list[Arc]]:
    """Start, final state and arcs of a network in Sphinx's FSG text format."""
    start = final = 0
    arcs: list[Arc] = []
    for parts in map(str.split, lines):
        match parts:
            case ["START_STATE" | "S", state]:
                start = int(state)
            case ["FINAL_STATE" | "F", state]:
                final = int(state)
            case ["TRANSITION" | "T", origin, target, _, *word]:
                arcs.append((int(origin), int(target), word[0] if word else ""))
    return start, final, arcs


def minimal(start: int, final: int, arcs: Iterable[Arc]) -> Automaton:
    """The smallest automaton for the network."""
    moves, accepting = _deterministic(start, final, arcs)
    block = [int(ends) for ends in accepting]
    count = len(set(block))
    while True:
        numbers: dict[object, int] = {}
        refined: list[int] = []
        for state, out in enumerate(moves):
            alike = block[state], tuple(sorted((word, block[to]) for word, to in out.items()))
            refined.append(numbers.setdefault(alike, len(numbers)))
        block = refined
        if len(numbers) == count:
            break
        count = len(numbers)
    joined = frozenset((block[state], block[to], word) for state, out in enumerate(moves) for word, to in out.items())
    return Automaton(block[0], frozenset(block[s] for s, ends in enumerate(accepting) if ends), joined)


def _deterministic(start: int, final: int, arcs: Iterable[Arc]) -> tuple[list[dict[str, int]], list[bool]]:
    """For each state what word leads where, and whether it may be the last; state 0 is the start."""
    free: dict[int, set[int]] = defaultdict(set)
    out: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for origin, target, word in arcs:
        if word:
            out[origin][word].add(target)
        else:
            free[origin].add(target)

    @cache
    def reach(state: int) -> frozenset[int]:
        """Where one is without another word: only states that words lead on from, and the final one, count."""
        seen, waiting = {state}, [state]
        while waiting:
            fresh = free[waiting.pop()] - seen
            seen |= fresh
            waiting += fresh
        return frozenset(state for state in seen if state in out or state == final)

    first = reach(start)
    numbers, waiting = {first: 0}, [first]
    moves: list[dict[str, int]] = []
    accepting: list[bool] = []
    for states in waiting:  # grows while it is walked
        targets: dict[str, set[int]] = defaultdict(set)
        for state in states:
            for word, to in out.get(state, {}).items():
                targets[word] |= to
        moves.append({})
        accepting.append(final in states)
        for word, to in targets.items():
            reached = frozenset[int]().union(*map(reach, to))
            if reached not in numbers:
                numbers[reached] = len(numbers)
                waiting.append(reached)
            moves[-1][word] = numbers[reached]
    return moves, accepting
