"""Calls stream as their arguments come: decoded, in pieces cut anywhere, each piece at its own length's cost."""

from __future__ import annotations

import json
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oi_voice.agent.calls import Call
from oi_voice.messages import Chunk, Kind, Role
from oi_voice.ports import CallPiece


def call(name: str = "execute") -> tuple[Call, dict[str, str]]:
    faults: dict[str, str] = {}
    return Call(CallPiece(id="c", name=name), "c", faults), faults


def code(text: str, language: str = "python", starts: bool = False) -> Chunk:
    return Chunk(Role.ASSISTANT, Kind.CODE, text, language, call="c", starts=starts)


def test_code_streams_once_the_language_is_known() -> None:
    one, faults = call()
    assert one.feed('{"language": "Pyth') == []
    assert one.feed('on", "co') == []
    assert one.feed('de": "a') == [code("a", starts=True)]
    assert one.feed(" = 1") == [code(" = 1")]
    assert one.feed("\\") == []
    assert one.feed("nb\\u00") == [code("\nb")]
    assert one.feed("e9") == [code("é")]
    assert one.feed("\\ud83d") == []
    assert one.feed("\\ude00") == [code("😀")]
    assert one.feed('"') == []
    assert not one.done
    assert one.feed("}") == []
    assert one.done
    assert (one.end(), one.unclosed, faults) == ([], False, {})


def test_code_waits_for_its_language() -> None:
    one, _ = call()
    assert one.feed('{"code": "a = 1\\n", "x": [1, {"y": "}"}], "lang') == []
    assert one.feed('uage": "py"') == [code("a = 1\n", starts=True)]
    assert one.feed("}") == []
    assert one.done


def test_what_streamed_never_changes() -> None:
    one, faults = call()
    assert one.feed('{"language": "python", "code": "print("hello") or 1') == [code("print(", starts=True)]
    assert not faults
    assert one.feed('"}') == []
    assert one.end() == [code('hello") or 1"}')]
    assert list(faults) == ["c"]


def test_the_rest_comes_when_only_the_whole_can_be_read() -> None:
    one, faults = call()
    assert one.feed('{"language": "python", "code": "a = 1\nb = ') == [code("a = 1", starts=True)]
    assert one.feed('2\nc"}') == []
    assert one.end() == [code("\nb = 2\nc")]
    assert not faults


@pytest.mark.parametrize("name", ["search", "python"])
def test_another_function_is_read_when_it_is_whole(name: str) -> None:
    one, faults = call(name)
    assert one.feed('{"code": "x') == []
    content, language = ("x", "python") if name == "python" else ('{"code": "x"}', name)
    assert one.feed('"}') == [code(content, language, starts=True)]
    assert bool(faults) == (name == "search")


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
keys = st.text(max_size=8).filter(lambda key: key not in ("language", "code"))
texts = st.text(st.characters(blacklist_categories=("Cs",)), min_size=1, max_size=80).filter(str.strip)


@settings(max_examples=500, deadline=None, derandomize=True)
@given(
    texts.filter(lambda text: not text.startswith("`")),
    st.dictionaries(keys, values, max_size=2),
    st.randoms(use_true_random=False),
    st.booleans(),
    st.sampled_from([None, 1]),
    st.lists(st.integers(0, 300), max_size=20),
)
def test_any_json_cut_anywhere(text, extra, random, ascii, indent, cuts) -> None:  # type: ignore[no-untyped-def]
    entries = [("language", "Python"), ("code", text), *extra.items()]
    random.shuffle(entries)
    raw = json.dumps(dict(entries), ensure_ascii=ascii, indent=indent)
    for places in (cuts, range(len(raw))):
        one, faults = call()
        edges = [0, *sorted(min(cut, len(raw)) for cut in places), len(raw)]
        chunks = [chunk for at, to in pairwise(edges) for chunk in one.feed(raw[at:to])]
        assert one.done
        assert [chunk.starts for chunk in chunks] == [True] + [False] * (len(chunks) - 1)
        assert "".join(chunk.content for chunk in chunks) == text
        assert {chunk.format for chunk in chunks} == {"python"}
        assert one.end() == []
        assert not faults


def test_a_long_call_costs_its_length() -> None:
    raw = json.dumps({"language": "python", "code": "x = 'a'\n" * 32_000})
    one, _ = call()
    began = time.perf_counter()
    for letter in raw:
        one.feed(letter)
    assert one.done
    assert time.perf_counter() - began < 10  # half a second; were it quadratic, minutes
