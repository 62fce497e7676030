from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from oi_voice.languages.output import Capped, Screen
from oi_voice.messages import Kind


@given(st.lists(st.text(max_size=30), max_size=30), st.integers(min_value=2, max_value=200))
def test_short_text_is_whole_and_long_text_keeps_its_head_and_tail(pieces: list[str], limit: int) -> None:
    capped = Capped(limit)
    shown = "".join([capped.add(piece) for piece in pieces])
    end, whole = capped.end(), "".join(pieces)
    if len(whole) <= limit:
        assert shown + end == whole
        return
    assert shown == whole[: limit // 2]
    tail = whole[len(whole) - (limit - limit // 2) :]
    assert end == f"\n… {len(whole) - limit:,} characters left out …\n{tail}"


def test_the_cap_costs_each_piece_once() -> None:
    def seconds(pieces: int) -> float:
        capped, start = Capped(20_000), time.perf_counter()
        for _ in range(pieces):
            capped.add("a line\n")
        return time.perf_counter() - start

    seconds(1_000)
    assert seconds(400_000) < 40 * seconds(40_000)


def test_a_picture_is_shown_as_one_and_other_rich_things_as_their_text() -> None:
    screen = Screen(1000)
    [picture] = screen.show("display_data", {"data": {"image/png": "aGk=\n", "text/plain": "<Figure>"}})
    assert (picture.kind, picture.format, picture.content) == (Kind.IMAGE, "base64.png", "aGk=")
    [table] = screen.show("execute_result", {"data": {"text/html": "<table>", "text/plain": "a  b"}})
    assert (table.kind, table.format, table.content) == (Kind.CONSOLE, "output", "a  b\n")
    assert screen.show("display_data", {"data": {"text/html": "<hr>"}}) == []
    assert screen.show("clear_output", {"wait": False}) == []


def test_a_result_begins_on_a_line_of_its_own() -> None:
    screen = Screen(1000)
    screen.show("stream", {"name": "stdout", "text": "no newline"})
    assert screen.show("execute_result", {"data": {"text/plain": "2"}})[0].content == "\n2\n"


def test_a_traceback_is_plain_and_short() -> None:
    lines = ["\x1b[31mTraceback\x1b[0m (most recent call last):", *["  a frame"] * 500, "RecursionError: too deep"]
    [chunk] = Screen(100_000).show("error", {"ename": "RecursionError", "evalue": "too deep", "traceback": lines})
    shown = chunk.content.splitlines()
    assert len(shown) == 25
    assert shown[0] == "Traceback (most recent call last):"
    assert "… 478 lines left out …" in shown
    assert shown[-1] == "RecursionError: too deep"
