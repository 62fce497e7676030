"""Parsing loses nothing, and code equals the block's bytes, however the text was cut."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from oi_voice.agent.parse import Parser
from oi_voice.messages import Kind, Message, accumulate


def parse(text: str, cuts: list[int] | None = None) -> tuple[list[Message], bool]:
    parser, chunks, start = Parser(), [], 0
    for cut in [*sorted(cuts or []), len(text)]:
        chunks += parser.feed(text[start:cut])
        start = max(start, cut)
    chunks += parser.end()
    return accumulate(chunks), parser.unclosed


def code(messages: list[Message]) -> list[tuple[str, str]]:
    return [(message.format, message.content) for message in messages if message.kind is Kind.CODE]


def test_text_before_between_and_after_blocks_is_kept() -> None:
    messages, unclosed = parse("A `b`.\n```python\nx = 1\n```\nthen\n~~~bash\nls\n~~~\nend")
    assert not unclosed
    assert [(m.kind, m.format, m.content) for m in messages] == [
        (Kind.MESSAGE, "", "A `b`.\n"),
        (Kind.CODE, "python", "x = 1\n"),
        (Kind.MESSAGE, "", "then\n"),
        (Kind.CODE, "bash", "ls\n"),
        (Kind.MESSAGE, "", "end"),
    ]


def test_a_longer_fence_may_hold_a_shorter_one() -> None:
    inner = 'print("""\n```python\nno\n```\n""")\n'
    assert code(parse(f"````python\n{inner}````\n")[0]) == [("python", inner)]


def test_a_fence_inside_a_string_ends_nothing() -> None:
    body = "def f():\n    '''\n    ```\n    text\n    ```\n    '''\nprint(1)\n"
    assert code(parse(f"```python\n{body}```\n")[0]) == [("python", body)]


def test_two_blocks_in_a_row_are_two() -> None:
    assert code(parse("```python\na\n```\n```python\nb\n```")[0]) == [("python", "a\n"), ("python", "b\n")]


def test_a_block_that_never_ends_is_known() -> None:
    messages, unclosed = parse("```python\nrm(")
    assert unclosed
    assert code(messages) == [("python", "rm(")]


def test_a_block_without_a_language_is_prose() -> None:
    text = "```\nnot code\n```\n"
    messages, unclosed = parse(text)
    assert not unclosed
    assert [(m.kind, m.content) for m in messages] == [(Kind.MESSAGE, text)]


prose = st.text(st.characters(blacklist_characters="`~", blacklist_categories=("Cs",)), max_size=60)
block = st.tuples(st.sampled_from(["python", "bash", "javascript"]), prose.map(lambda text: f"{text}\n"))


@settings(max_examples=500, deadline=None)
@given(st.lists(st.tuples(prose, block), max_size=4), prose, st.lists(st.integers(0, 400), max_size=30))
def test_nothing_is_lost(parts: list[tuple[str, tuple[str, str]]], last: str, cuts: list[int]) -> None:
    text = "".join(f"{before}\n```{language}\n{body}```\n" for before, (language, body) in parts) + last
    messages, unclosed = parse(text, [min(cut, len(text)) for cut in cuts])
    assert not unclosed
    assert code(messages) == [block for _, block in parts]
    said = "".join(message.content for message in messages if message.kind is Kind.MESSAGE)
    assert said == "".join(f"{before}\n" for before, _ in parts) + last
