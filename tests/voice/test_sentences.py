"""Sentences, table-driven: what a reply sounds like, and that it does not matter in what pieces it comes."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oi_voice.voice.sentences import LONGEST, Sentences

CASES: dict[str, tuple[str, list[str]]] = {
    "plain": ("Hello there. How are you? Fine!", ["Hello there.", "How are you?", "Fine!"]),
    "no end": ("Hello, world", ["Hello, world"]),
    "titles and decimals": (
        "Mr. Smith paid 3.50 dollars, e.g. for tea. Then J. R. Tolkien left.",
        ["Mr. Smith paid 3.50 dollars, e.g. for tea.", "Then J. R. Tolkien left."],
    ),
    "times": ("It is 5 p.m. now. It is 5 p.m. Go home.", ["It is 5 p.m. now.", "It is 5 p.m.", "Go home."]),
    "no. and No.": ("No. I will not. See no. 5 for it.", ["No.", "I will not.", "See no. 5 for it."]),
    "etc.": ("Pears etc. and so on. Pears, etc. Then.", ["Pears etc. and so on.", "Pears, etc.", "Then."]),
    "abbreviation at the end": ("See the U.S. Army. Plan: see Fig. 3.", ["See the U.S. Army.", "Plan: see Fig. 3."]),
    "versions and files": (
        "Version 3. Open notes.txt at example.com now.",
        ["Version 3.", "Open notes.txt at example.com now."],
    ),
    "ellipses": ("Wait... maybe. Well… Yes.", ["Wait... maybe.", "Well…", "Yes."]),
    "several marks": ("Really?! Yes!!! ok...", ["Really?!", "Yes!!!", "ok..."]),
    "quotes": ('"Really?" he said. "Yes." She left.', ['"Really?" he said.', '"Yes."', "She left."]),
    "brackets": ("(See this.) And that.", ["(See this.)", "And that."]),
    "headings and lists": (
        "## Heading\n\n- **First** item\n* second item\n1. One. Two.\n2) Three\n- [x] done\n",
        ["Heading", "First item", "second item", "1. One.", "Two.", "2) Three", "done"],
    ),
    "quoted lines and rules": ("> said so.\n> twice\n---\n***\nok", ["said so.", "twice", "ok"]),
    "wrapped lines": (
        "This is a long\nwrapped sentence. And\nAnother",
        ["This is a long wrapped sentence.", "And", "Another"],
    ),
    "paragraphs": ("One\n\ntwo", ["One", "two"]),
    "emphasis": (
        "**Note:** _this_ is *so* ~~not~~ it. **All. Two.** end.",
        ["Note: this is so not it.", "All.", "Two.", "end."],
    ),
    "no emphasis": ("snake_case stays, 2*3 and 2 * 3 too.", ["snake_case stays, 2 times 3 and 2 times 3 too."]),
    "links": (
        "See [the docs. Really](http://x.y/z.html) now. Visit https://example.com/a.b?c=d. Bye.",
        ["See the docs. Really now.", "Visit a link.", "Bye."],
    ),
    "images and notes": ("![a cat](cat.png) sits[^1]. <https://a.b/c> too.", ["a cat sits.", "a link too."]),
    "inline code": (
        "Run `ls -la` or `my_tool`. Use `x = {a: [1,2]}; f(b)(c)`.",
        ["Run ls -la or my tool.", "Use some code."],
    ),
    "code with a dot in it": ("The call `a. b` is one.", ["The call a. b is one."]),
    "fenced code": ('Look:\n```python\nprint("hi. there")\n```\nAfter it. Done', ["Look:", "After it.", "Done"]),
    "tilde fence, not closed": ("Look:\n~~~\nrm. it\n", ["Look:"]),
    "longer fence around a shorter": ("````\n```\nx. y\n```\n````\nok", ["ok"]),
    "tables": ("| a | b |\n|---|:-:|\n| 1. x | 2 |\n\nend", ["a, b", "1. x, 2", "end"]),
    "html": ("<b>bold</b> a < b. <!-- no -->Yes.", ["bold a < b.", "Yes."]),
    "pictures": ("Great 🎉👍 job! → Next. 20 °C.", ["Great job!", "Next.", "20 °C."]),
    "full-width marks": ("你好。再见！", ["你好。", "再见！"]),
    "a key": (f"The key is {'k3' * 60} here.", ["The key is here."]),
    "nothing to say": ("--- \n\n...\n***\n🎉\n", []),
}


def whole(text: str) -> list[str]:
    sentences = Sentences()
    return sentences.feed(text) + sentences.end()


@pytest.mark.parametrize("name", CASES)
def test_sentences(name: str) -> None:
    text, expected = CASES[name]
    assert whole(text) == expected


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("size", [1, 3, 7])
def test_the_pieces_do_not_matter(name: str, size: int) -> None:
    text, expected = CASES[name]
    sentences = Sentences()
    said = [one for at in range(0, len(text), size) for one in sentences.feed(text[at : at + size])]
    assert said + sentences.end() == expected


def test_a_sentence_is_out_as_soon_as_it_is_whole() -> None:
    sentences = Sentences()
    assert sentences.feed("The answer is 408.") == []  # it might be 408.5
    assert sentences.feed(" ") == ["The answer is 408."]
    assert sentences.feed("A list:\nx") == ["A list:"]


def test_end_leaves_a_fresh_start() -> None:
    sentences = Sentences()
    sentences.feed("Now:\n```python\nx = 1")
    sentences.end()
    assert sentences.feed("Done. ") == ["Done."]
    assert sentences.end() == []


def test_a_long_clause_is_cut_at_a_comma_before_it_is_whole() -> None:
    clause = "and then it went on and on, with many a word, "
    said = Sentences().feed(clause * 6)
    assert said
    assert all(len(piece) <= LONGEST and piece.endswith(",") for piece in said)


def test_a_long_clause_without_commas_is_cut_between_words() -> None:
    said = whole("word " * 200)
    assert all(len(piece) <= LONGEST for piece in said)
    assert " ".join(said).split() == ["word"] * 200


def test_time_grows_with_the_length_alone() -> None:
    def seconds(count: int) -> float:
        sentences = Sentences()
        began = time.perf_counter()
        for _ in range(count):
            sentences.feed("some word ")
        return time.perf_counter() - began

    seconds(100)
    assert seconds(4000) < 12 * max(seconds(1000), 0.005)


@settings(deadline=None, max_examples=150)
@given(st.text(alphabet="ab A1.,!?\n`*_[]()#-|<>~ \"'…", max_size=120), st.integers(1, 9))
def test_no_text_breaks_it(text: str, size: int) -> None:
    sentences = Sentences()
    said = [one for at in range(0, len(text), size) for one in sentences.feed(text[at : at + size])]
    for sentence in said + sentences.end():
        assert sentence == sentence.strip() != ""
        assert len(sentence) <= LONGEST
        assert "\n" not in sentence
