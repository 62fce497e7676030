"""What was made of earlier turns is not made again, and always is what it would be if it were."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from oi_voice.growing import Growing, alike
from oi_voice.messages import Kind, Message, Role, user


def said(text: str) -> Message:
    return Message(Role.ASSISTANT, Kind.MESSAGE, text)


def test_only_the_last_turn_is_made_anew() -> None:
    made: list[tuple[int, list[str]]] = []

    def make(part: Sequence[Message], first: int) -> int:
        made.append((first, [message.content for message in part]))
        return len(part)

    growing = Growing(make)
    talk = [user("a"), said("b"), user("c"), said("d"), user("e")]
    assert growing(talk) == [2, 2, 1]
    made.clear()
    assert growing([*talk, said("f"), user("g")]) == [2, 2, 2, 1]
    assert made == [(4, ["e", "f"]), (6, ["g"])]
    made.clear()
    assert growing([*talk[:2], user("other")]) == [2, 1]
    assert made == [(0, ["a", "b"]), (2, ["other"])]  # whether a part ends is known from what follows it


talks = st.lists(
    st.builds(
        Message,
        st.sampled_from([Role.USER, Role.ASSISTANT, Role.COMPUTER]),
        st.sampled_from([Kind.MESSAGE, Kind.CODE, Kind.CONSOLE]),
        st.sampled_from("ab"),
    ),
    max_size=12,
)


@settings(max_examples=300, deadline=None)
@given(st.lists(talks, max_size=6), talks)
def test_it_makes_what_a_fresh_one_would(earlier: list[list[Message]], last: list[Message]) -> None:
    growing = Growing(lambda part, first: (first, tuple(part)))
    for talk in earlier:
        growing(talk)
    parts = growing(last)
    assert parts == Growing(lambda part, first: (first, tuple(part)))(last)
    assert [message for _, part in parts for message in part] == last


def test_equal_counts_where_it_is_not_the_same_object() -> None:
    assert alike([user("a"), user("b")], [user("a"), user("c"), user("d")]) == 1
    assert alike([], [user("a")]) == 0
