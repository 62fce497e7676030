"""Parsing loses nothing, and code equals the block's bytes, however the text was cut."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oi_voice.agent.parse import Parser
from oi_voice.messages import Chunk, Kind, Message, Role, accumulate


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


@pytest.mark.parametrize(
    ("info", "language"),
    [
        ("python", "python"),
        ("Python", "python"),
        (" python ", "python"),
        ("python\r", "python"),
        ("py", "python"),
        ("python3", "python"),
        ("{python}", "python"),
        ("{.python}", "python"),
        ("{.python .numberLines}", "python"),
        ("{r, echo=FALSE}", "r"),
        ('python title="x"', "python"),
        ("python:main.py", "python"),
        ("python{1,3}", "python"),
        ("language-python", "python"),
        ("tool_code", "python"),
        ("rust,no_run", "rust"),
        ("c++", "cpp"),
        ("C#", "csharp"),
        ("objective-c", "objective-c"),
        ("shell-session", "shell"),
        ("bash", "bash"),
        ("JS", "javascript"),
        ("node.js", "javascript"),
    ],
)
def test_a_language_is_known_by_all_its_spellings(info: str, language: str) -> None:
    assert code(parse(f"```{info}\nx\n```")[0]) == [(language, "x\n")]
    assert code(parse(f"~~~{info}\nx\n~~~")[0]) == [(language, "x\n")]


@pytest.mark.parametrize(
    "info",
    (
        *("", " ", "json", "JSON", "text", "txt", "plaintext", "markdown", "md", "output", "console", "console output"),
        *("python output", "csv", "xml", "yaml", "toml", "ini", "diff", "log", "12:15:app/main.py", "{.json}", "???"),
    ),
)
@pytest.mark.parametrize("body", ["x = 1\n", "", '{"a": 1}\n', '{"language": "python"}\n', "execute\n", "python\n"])
def test_a_block_of_data_is_prose(info: str, body: str) -> None:
    text = f"See:\n````{info}\n{body}````\nSo."
    for cuts in ([], list(range(len(text)))):
        messages, unclosed = parse(text, cuts)
        assert not unclosed
        assert [(m.kind, m.content) for m in messages] == [(Kind.MESSAGE, text)]


def test_nothing_in_a_block_of_data_is_code() -> None:
    text = "````markdown\n# Use it\n```python\nno\n```\n````\n~~~\n```bash\nno\n```\n~~~\n"
    messages, unclosed = parse(text)
    assert not unclosed
    assert [(m.kind, m.content) for m in messages] == [(Kind.MESSAGE, text)]


def test_code_behind_an_indented_fence_is_taken_back_as_far() -> None:
    text = "1. So:\n\n   ```python\n   if a:\n       b\n\n  c\n   ```\n"
    for cuts in ([], list(range(len(text)))):
        assert code(parse(text, cuts)[0]) == [("python", "if a:\n    b\n\nc\n")]


def test_code_may_hold_its_languages_name_and_backticks() -> None:
    body = "python = 'python'  # ``python``\nprint(f'`{python}` ``` x')\n```x\n"
    for cuts in ([], list(range(90))):
        assert code(parse(f"```python\n{body}```", cuts)[0]) == [("python", body)]


def test_code_in_a_line_of_prose_is_prose() -> None:
    text = "Use ```python x``` or\n```python print(1)```\nor `~~~`.\n"
    messages, unclosed = parse(text)
    assert not unclosed
    assert [(m.kind, m.content) for m in messages] == [(Kind.MESSAGE, text)]


def test_an_empty_block_is_seen_and_has_a_fault() -> None:
    faults: dict[str, str] = {}
    parser = Parser(lambda: "one", faults)
    assert accumulate([*parser.feed("```python\n```\n"), *parser.end()]) == [
        Message(Role.ASSISTANT, Kind.CODE, "", "python", call="one")
    ]
    assert list(faults) == ["one"]


def test_prose_and_code_go_out_as_they_come() -> None:
    parser = Parser(lambda: "one")
    assert [chunk.content for chunk in parser.feed("Hello ")] == ["Hello "]
    assert [chunk.content for chunk in parser.feed("`you`\n``")] == ["`you`\n"]
    assert parser.feed("`python\nx") == [Chunk(Role.ASSISTANT, Kind.CODE, "x", "python", call="one", starts=True)]
    assert parser.feed(" = 1\n``") == [Chunk(Role.ASSISTANT, Kind.CODE, " = 1\n", "python", call="one")]
    assert parser.feed("`\n") == []


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


SHARDS = [
    "```",
    "~~~",
    "````",
    "`",
    "\n",
    "\n",
    " ",
    "   ",
    "python",
    "json",
    "text",
    "execute(",
    ")",
    "{",
    "}",
    '"',
    "\r\n",
]
SHARDS += [
    "<tool_call>",
    "</tool_call>",
    "functions.execute(",
    '{"language": "python", "code": "ls"}',
    "é😀",
    "\u2028",
    "x",
]


@settings(max_examples=500, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(SHARDS), max_size=25).map("".join), st.lists(st.integers(0, 200), max_size=8))
def test_where_the_text_is_cut_changes_nothing(text: str, cuts: list[int]) -> None:
    def shown(messages: list[Message]) -> list[tuple[Kind, str, str]]:
        return [(message.kind, message.format, message.content) for message in messages]

    whole, unclosed = parse(text)
    for at in (cuts, list(range(len(text)))):
        messages, cut = parse(text, at)
        assert (shown(messages), cut) == (shown(whole), unclosed)
