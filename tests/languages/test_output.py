from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from oi_voice.languages.capped import Capped
from oi_voice.languages.output import PICTURES_MAX, Screen
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


def screen_of(limit: int = 100_000) -> Screen:
    return Screen(Capped(limit))


def shown(screen: Screen, *messages: tuple[str, dict[str, object]]) -> list[tuple[str, str, str]]:
    """Format, recipient and content of what messages come to, the end included."""
    chunks = [chunk for kind, content in messages for chunk in screen.show(kind, content)]
    return [(chunk.format, chunk.recipient, chunk.content) for chunk in chunks + screen.end()]


def display(kind: str = "display_data", **data: object) -> tuple[str, dict[str, object]]:
    """A message with these data, ``text_plain`` and so on."""
    return kind, {"data": {name.replace("_", "/", 1): value for name, value in data.items()}, "transient": {}}


def test_a_picture_is_shown_without_its_text() -> None:
    [picture] = screen_of().show(*display(image_png="aGk=\n", text_plain="<Figure>"))
    assert (picture.kind, picture.format, picture.content) == (Kind.IMAGE, "base64.png", "aGk=")
    [picture] = screen_of().show(*display(image_jpeg=b"hi"))
    assert (picture.format, picture.content) == ("base64.jpeg", "aGk=")


def test_markup_goes_to_the_person_and_its_text_to_all() -> None:
    table = display("execute_result", text_html="<table>", text_plain="a  b")
    assert shown(screen_of(), table) == [("output", "", "a  b\n"), ("html", "user", "<table>")]
    drawing = "display_data", {"data": {"image/svg+xml": ["<svg", "/>"], "text/plain": "<SVG>"}}
    assert shown(screen_of(), drawing) == [("output", "", "<SVG>\n"), ("html", "user", "<svg/>")]
    script = display(application_javascript="alert(1)", text_plain="<JS>")
    assert shown(screen_of(), script) == [("output", "", "<JS>\n"), ("javascript", "user", "alert(1)")]
    assert shown(screen_of(), display(text_html="x" * 2_000_000, text_plain="large")) == [("output", "", "large\n")]


def test_markdown_and_latex_are_told_as_they_are_written() -> None:
    assert shown(screen_of(), display(text_markdown="# m", text_plain="<M>")) == [("output", "", "# m\n")]
    assert shown(screen_of(), display(text_latex="$x$", text_plain="<L>")) == [("output", "", "$x$\n")]


def test_of_what_is_updated_the_last_is_shown_at_the_end() -> None:
    updates = [display("update_display_data", text_plain=str(number)) for number in range(5)]
    assert shown(screen_of(), display(text_plain="first"), *updates) == [
        ("output", "", "first\n"),
        ("output", "", "4\n"),
    ]


def test_pictures_that_replace_each_other_are_one() -> None:
    frames = [message for number in range(30) for message in (("clear_output", {}), display(image_png=f"{number}"))]
    assert shown(screen_of(), *frames) == [("base64.png", "", "29")]


def test_many_pictures_are_left_out_in_the_middle() -> None:
    result = shown(screen_of(), *[display(image_png=f"{number}") for number in range(50)])
    kept = [*range(PICTURES_MAX), *range(50 - PICTURES_MAX, 50)]
    assert [content for form, _, content in result if form == "base64.png"] == list(map(str, kept))
    assert result[-1] == ("notice", "", "30 pictures of this output were left out.\n")


def stream(*pieces: str) -> str:
    return "".join(content for *_, content in shown(screen_of(), *[("stream", {"text": piece}) for piece in pieces]))


def test_a_line_written_over_and_over_is_shown_at_first_and_at_last() -> None:
    assert stream(*[f"\r{number} %" for number in range(101)], "\ndone\n") == "0 %\r100 %\ndone\n"
    assert stream(*[f"{number} %\r" for number in range(101)]) == "0 %\r100 %"
    assert stream("a\rb\rc\n", "windows\r\n", "d") == "c\nwindows\nd"


@given(st.lists(st.text("ab\n", max_size=5), max_size=9))
def test_text_without_carriage_returns_is_left_alone(pieces: list[str]) -> None:
    assert stream(*pieces) == "".join(pieces)


def test_what_a_screen_in_the_kernel_made_is_passed_on_and_nothing_else() -> None:
    pieces = [("console", "hi\n", "output"), ("console", "3", "active_line"), ("image", "aGk=", "base64.png")]
    pieces += [("code", "<b>", "html"), ("console", "so", "notice"), ("image", "/etc/passwd", "path"), ("odd", "", "")]
    assert shown(screen_of(), ("chunks", {"chunks": pieces})) == [
        ("output", "", "hi\n"), ("active_line", "", "3"), ("base64.png", "", "aGk="), ("html", "user", "<b>"),
        ("notice", "", "so"), ("active_line", "", ""),
    ]  # fmt: skip


def test_an_interrupt_is_one_word() -> None:
    [chunk] = screen_of().show("error", {"ename": "KeyboardInterrupt", "evalue": "", "traceback": ["a", "b"]})
    assert chunk.content == "KeyboardInterrupt\n"


def test_a_result_begins_on_a_line_of_its_own() -> None:
    screen = screen_of()
    screen.show("stream", {"name": "stdout", "text": "no newline"})
    assert screen.show("execute_result", {"data": {"text/plain": "2"}})[0].content == "\n2\n"


def test_a_traceback_is_plain_and_short() -> None:
    lines = ["\x1b[31mTraceback\x1b[0m (most recent call last):", *["  a frame"] * 500, "RecursionError: too deep"]
    [chunk] = screen_of().show("error", {"ename": "RecursionError", "evalue": "too deep", "traceback": lines})
    shown = chunk.content.splitlines()
    assert len(shown) == 25
    assert shown[0] == "Traceback (most recent call last):"
    assert "… 478 lines left out …" in shown
    assert shown[-1] == "RecursionError: too deep"
