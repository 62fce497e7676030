"""Chunks join by one rule."""

from __future__ import annotations

from oi_voice.events import AudioLevel, State, StateChanged, Streamed, to_json
from oi_voice.messages import Chunk, Kind, Role, accumulate
from oi_voice.subscription import BACKLOG, Subscription


def said(text: str, *, starts: bool = False) -> Chunk:
    return Chunk(Role.ASSISTANT, Kind.MESSAGE, text, starts=starts)


def test_pieces_of_one_sort_join_and_a_start_divides() -> None:
    picture = Chunk(Role.COMPUTER, Kind.IMAGE, "AA==", "base64.png")
    chunks = [said("a"), said("b"), said("c", starts=True), picture, picture, said("d")]
    assert [message.content for message in accumulate(chunks)] == ["ab", "c", "AA==", "AA==", "d"]


async def test_a_slow_listener_gets_larger_pieces_and_loses_nothing_that_counts() -> None:
    subscription = Subscription(lambda _: None)
    for number in range(3 * BACKLOG):
        subscription.put(Streamed("t", said(f"{number} ")))
    for level in range(1000):
        subscription.put(AudioLevel("t", level / 1000))
    subscription.put(StateChanged("t", State.IDLE))
    subscription.close()
    events = [event async for event in subscription]
    assert len(events) <= BACKLOG + 2
    text = "".join(event.chunk.content for event in events if isinstance(event, Streamed))
    assert text.split() == [str(number) for number in range(3 * BACKLOG)]
    assert isinstance(events[-1], StateChanged)


def test_events_are_json_able() -> None:
    event = to_json(Streamed("t", said("x")))
    assert event["event"] == "Streamed"
    assert event["chunk"]["content"] == "x"
