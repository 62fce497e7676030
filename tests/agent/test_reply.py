"""A reply loses nothing, whatever it is made of and however it was cut, and its blocks come whole and in order."""

from __future__ import annotations

import itertools
import json
import time
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oi_voice.agent.reply import Reply
from oi_voice.messages import Chunk, Kind, Message, accumulate
from oi_voice.ports import CallPiece, Delta

Shown = list[tuple[str, str, str]]


def answered(deltas: list[Delta]) -> tuple[list[Chunk], Reply]:
    reply = Reply(map("made {}".format, itertools.count()).__next__)
    chunks = [chunk for delta in deltas for chunk in reply.take(delta)]
    return [*chunks, *reply.end()], reply


def shown(deltas: list[Delta]) -> Shown:
    return [(str(message.kind), message.format, message.content) for message in accumulate(answered(deltas)[0])]


def arguments(code: str, language: str = "python") -> str:
    return json.dumps({"language": language, "code": code})


def call(index: int, raw: str, id: str = "", name: str = "execute", size: int = 10**6) -> list[Delta]:
    first = Delta(call=CallPiece(index, id or f"call {index}", name))
    return [first, *(Delta(call=CallPiece(index, "", "", raw[at : at + size])) for at in range(0, len(raw), size))]


def test_every_block_has_its_own_call() -> None:
    text = [Delta("```python\na\n"), Delta("b\n```\n```python\nc\n```\n")]
    chunks, reply = answered([*text, *call(0, arguments("d"), "theirs")])
    assert [(chunk.content, chunk.call, chunk.starts) for chunk in chunks if chunk.kind is Kind.CODE] == [
        ("a\n", "made 0", True),
        ("b\n", "made 0", False),
        ("c\n", "made 1", True),
        ("d", "theirs", True),
    ]
    assert not reply.unclosed
    assert not reply.faults


def test_a_made_call_looks_like_a_call() -> None:
    [chunk] = Reply().take(Delta("```python\nx\n"))
    assert chunk.call.startswith("call_")
    assert len(chunk.call) == len("call_") + 24


@pytest.mark.parametrize("tag", ["think", "thinking"])
@pytest.mark.parametrize("size", [1, 3, 100])
def test_thoughts_at_the_start_of_the_text(tag: str, size: int) -> None:
    text = f"\n <{tag}>\nIs 1 < 2 </t? `x`\n```python\nno\n```\n</{tag}>\n\nYes: <think> is a tag.\n"
    deltas = [Delta(text[at : at + size]) for at in range(0, len(text), size)]
    thought = "\nIs 1 < 2 </t? `x`\n```python\nno\n```\n"
    assert shown(deltas) == [("reasoning", "", thought), ("message", "", "Yes: <think> is a tag.\n")]


@pytest.mark.parametrize("text", ["  <thin", "\n\n ", "<b>x</b> <think>y</think>", " " * 300 + "<think>x</think>", "<"])
def test_what_only_looks_like_thoughts_is_prose(text: str) -> None:
    for deltas in ([Delta(text)], [Delta(letter) for letter in text]):
        assert shown(deltas) == [("message", "", text)]


def test_thoughts_that_never_end_stream_and_run_nothing() -> None:
    reply = Reply()
    assert [chunk.content for chunk in reply.take(Delta("<think>Hm"))] == ["Hm"]
    assert [chunk.content for chunk in reply.take(Delta("\n```python\nx\n```</"))] == ["\n```python\nx\n```"]
    assert [(chunk.kind, chunk.content) for chunk in reply.end()] == [(Kind.REASONING, "</")]


def test_thoughts_beside_the_text() -> None:
    deltas = [Delta(thought="Hm. "), Delta(thought="So."), Delta("Yes.\n``"), Delta("`python\nx"), Delta(thought="Oh")]
    assert shown([*deltas, Delta("\n```\n"), Delta("Done")]) == [
        ("reasoning", "", "Hm. So."),
        ("message", "", "Yes.\n"),
        ("code", "python", "x\n"),
        ("reasoning", "", "Oh"),
        ("message", "", "Done"),
    ]


def test_text_before_between_and_after_calls() -> None:
    deltas = [
        Delta("First:"),
        *call(0, arguments("a"), size=3),
        Delta("then\n"),
        *call(1, arguments("b")),
        Delta("end"),
    ]
    expected = [("message", "", "First:"), ("code", "python", "a"), ("message", "", "then\n"), ("code", "python", "b")]
    assert shown(deltas) == [*expected, ("message", "", "end")]


def test_text_after_a_call_begins_a_line() -> None:
    deltas = [Delta("First:"), *call(0, arguments("a")), Delta("```python\nb\n```"), *call(1, arguments("c"))]
    assert shown(deltas) == [("message", "", "First:"), *(("code", "python", text) for text in ("a", "b\n", "c"))]


def test_blocks_of_two_calls_come_one_after_the_other() -> None:
    one, two = call(0, arguments("first = 1"), size=4), call(1, arguments("second = 2"), size=4)
    pieces = [piece for pair in itertools.zip_longest(one, two) for piece in pair if piece]
    chunks, _ = answered([*pieces[:9], Delta("said "), Delta(thought="thought"), *pieces[9:], Delta("more")])
    assert [(message.content, message.call) for message in accumulate(chunks)] == [
        ("first = 1", "call 0"),
        ("second = 2", "call 1"),
        ("said ", ""),
        ("thought", ""),
        ("more", ""),
    ]


def test_the_first_call_streams_while_the_second_waits() -> None:
    reply = Reply()
    [*_] = reply.take(Delta(call=CallPiece(0, "one", "execute", '{"language": "python", "code": "a')))
    assert reply.take(Delta(call=CallPiece(1, "two", "execute", arguments("b")))) == []
    assert [chunk.content for chunk in reply.take(Delta(call=CallPiece(0, "", "", "b")))] == ["b"]
    assert reply.unclosed
    assert [chunk.content for chunk in reply.take(Delta(call=CallPiece(0, "", "", '"}')))] == ["b"]
    assert not reply.unclosed


@pytest.mark.parametrize("id", ["", "same"])
def test_servers_that_give_all_calls_one_index(id: str) -> None:
    whole = [Delta(call=CallPiece(0, id, "execute", arguments(code))) for code in "ab"]
    chunks, reply = answered(whole)
    assert [message.content for message in accumulate(chunks)] == ["a", "b"]
    assert len({chunk.call for chunk in chunks}) == 2
    assert not reply.faults


def test_servers_that_tell_calls_apart_by_id_alone() -> None:
    chunks, _ = answered([*call(0, arguments("a"), "one", size=2), *call(0, arguments("b"), "two", size=2)])
    assert [(message.content, message.call) for message in accumulate(chunks)] == [("a", "one"), ("b", "two")]


def test_two_calls_in_one() -> None:
    chunks, reply = answered(call(0, arguments("a") + "\n" + arguments("b"), "one", size=5))
    assert [(message.content, message.call) for message in accumulate(chunks)] == [("a", "one"), ("b", "made 0")]
    assert not reply.faults


@pytest.mark.parametrize(
    "deltas",
    [
        [Delta("```python\nrm(")],
        [Delta("```python")],
        [Delta('```json\n{"language": "python", "code": "x"}')],
        [Delta('<tool_call>{"language": "python", "code": "x"}')],
        call(0, '{"language": "python", "code": "rm('),
        call(0, '{"language": "python", "code": "rm()"'),
        call(0, '{"code": "rm()", '),
        call(0, "{'language': 'python', 'code': 'rm("),
        [*call(0, arguments("x")), *call(1, arguments("rm()")[:-4])],
        [Delta("```python\nrm("), *call(0, arguments("x"))],
    ],
)
def test_what_was_cut_is_known(deltas: list[Delta]) -> None:
    chunks, reply = answered(deltas)
    assert reply.unclosed
    assert chunks
    cut = [message for message in accumulate(chunks) if message.kind is Kind.CODE and message.content != "x"]
    assert all(message.call in reply.faults for message in cut)


def test_an_empty_reply_is_empty() -> None:
    chunks, reply = answered([Delta(), Delta(finish="stop")])
    assert chunks == []
    assert not reply.unclosed


# --- replies of all sorts

letters = st.characters(blacklist_categories=("Cs",), blacklist_characters="`~<")
prose = st.text(letters, max_size=40).map(lambda text: "Say: " + text + " `a` ``b`` ```c``` <d>\n")
codes = st.text(letters, max_size=60).map(lambda text: f"print('python')  # `x` ```{text}\n")


@dataclass(frozen=True)
class Part:
    """Something that a model says: the deltas before they are cut, and what is to come of them."""

    sort: str
    pieces: tuple[Any, ...]
    shown: tuple[tuple[str, str, str], ...]


def fenced(fence: str, tag: str, body: str, after: str) -> Part:
    language = {"": "", "json": ""}.get(tag, "python" if "py" in tag.lower() else "shell")
    text = f"{fence}{tag}\n{body}{fence}\n"
    said = (("message", "", after),) if after else ()
    block = ("code", language, body) if language else ("message", "", text)
    return Part("text", (text, after), (block, *said))


parts = st.one_of(
    prose.map(lambda text: Part("text", (text,), (("message", "", text),))),
    st.builds(
        fenced,
        st.sampled_from(["````", "~~~", "~~~~~"]),
        st.sampled_from(["python", "Py", "{python}", "shell-session", "python3 title", "json", ""]),
        codes.map(lambda text: f"```sh\n{text}```\n"),
        st.just("") | prose,
    ),
    st.builds(
        lambda texts, extra, ascii: Part(
            "calls",
            tuple(json.dumps({**extra, "code": text, "language": "Python"}, ensure_ascii=ascii) for text in texts),
            tuple(("code", "python", text) for text in texts),
        ),
        st.lists(codes, min_size=1, max_size=3),
        st.dictionaries(st.sampled_from(["why", "id"]), st.text(max_size=5) | st.lists(st.integers(), max_size=2)),
        st.booleans(),
    ),
    st.text(letters, min_size=1, max_size=20).map(lambda text: Part("thought", (text,), (("reasoning", "", text),))),
)


def cut(text: str, random: Any) -> list[str]:
    size = random.choice([1, 2, 5, 20, 1000])
    edges = sorted({0, len(text), *(random.randrange(len(text) + 1) for _ in range(len(text) // size))})
    return [text[at:to] for at, to in itertools.pairwise(edges)]


def deltas_of(part: Part, first: int, random: Any) -> list[Delta]:
    """A part in random pieces; the pieces of calls that come together are mixed, each call's in their order."""
    if part.sort == "thought":
        return [Delta(thought=piece) for piece in cut(part.pieces[0], random)]
    if part.sort == "text":
        return [Delta(piece) for piece in cut("".join(part.pieces), random)]
    queues = [
        [Delta(call=CallPiece(index, f"call {index}", "execute"))]
        + [Delta(call=CallPiece(index, "", "", piece)) for piece in cut(raw, random)]
        for index, raw in enumerate(part.pieces, first)
    ]
    mixed = [queue.pop(0) for queue in queues]
    while queues := [queue for queue in queues if queue]:
        mixed.append(random.choice(queues).pop(0))
    return mixed


def joined(messages: Shown) -> Shown:
    """Neighbours of one sort as one, but for code."""
    whole: Shown = []
    for kind, form, content in messages:
        if whole and kind != "code" and whole[-1][0] == kind:
            whole[-1] = (kind, form, whole[-1][2] + content)
        else:
            whole.append((kind, form, content))
    return whole


@settings(max_examples=700, deadline=None, derandomize=True)
@given(st.lists(parts, max_size=5), st.randoms(use_true_random=False))
def test_nothing_is_lost(said: list[Part], random: Any) -> None:
    deltas: list[Delta] = []
    for number, part in enumerate(said):
        deltas += deltas_of(part, 10 * number, random)
    chunks, reply = answered(deltas)
    messages: list[Message] = accumulate(chunks)
    expected = joined([message for part in said for message in part.shown])
    assert [(str(message.kind), message.format, message.content) for message in messages] == expected
    blocks = [message.call for message in messages if message.kind is Kind.CODE]
    assert len(set(blocks)) == len(blocks)
    assert not reply.unclosed
    assert not reply.faults


def test_pieces_cost_next_to_nothing() -> None:
    for head, piece in (("Say ", "abcd"), ("```python\n", "abcd"), ("", "a\nbc")):
        deltas = [Delta(head), *(Delta(piece) for _ in range(100_000))]
        began = time.perf_counter()
        answered(deltas)
        assert time.perf_counter() - began < 5  # a tenth of a second; were it quadratic, minutes
