"""Work on a conversation that grows: each of its parts is worked on once.

A request holds the whole conversation, so what is done for each message of each request costs the square of the
conversation's length. What was made of the earlier parts is taken from the last time.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from oi_voice.messages import Kind, Message, Role

T = TypeVar("T")


class Growing(Generic[T]):
    """Calls ``make(part, first)`` for each part of a conversation; ``first`` is where it begins.

    A part begins with the person's words after somebody else's. One that was there the last time, and was not the last,
    is not made again.
    """

    def __init__(self, make: Callable[[Sequence[Message], int], T]) -> None:
        self._make = make
        self._messages: list[Message] = []
        self._starts: list[int] = []
        self._made: list[T] = []

    def __call__(self, messages: Sequence[Message]) -> list[T]:
        """What the parts became, in order."""
        messages = list(messages)
        same = alike(self._messages, messages)
        kept = max(bisect_left(self._starts, same) - 1, 0)  # those that end where the next one begins
        begin = self._starts[kept] if kept else 0
        starts = _starts(messages, begin)
        ends = [*starts[1:], len(messages)][: len(starts)]
        made = [self._make(messages[start:end], start) for start, end in zip(starts, ends, strict=True)]
        self._messages = messages
        self._starts = self._starts[:kept] + starts
        self._made = self._made[:kept] + made
        return self._made


def alike(one: Sequence[object], other: Sequence[object]) -> int:
    """How many of the first are equal; fast where most are the same objects."""
    if one == other[: len(one)]:  # what is the same object is not looked into
        return len(one)
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (mine, theirs) in pairs if mine != theirs), min(len(one), len(other)))


def _starts(messages: Sequence[Message], begin: int) -> list[int]:
    """Where parts begin, from ``begin`` on."""
    starts, before = [begin] if begin < len(messages) else [], Role.USER
    for at in range(begin, len(messages)):
        message = messages[at]
        if message.role is Role.USER and message.kind is Kind.MESSAGE and before is not Role.USER and at > begin:
            starts.append(at)
        before = message.role
    return starts
