"""Sentences, table-driven: what a reply sounds like, and that it does not matter in what pieces it comes."""

from __future__ import annotations

import itertools
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from oi_voice.voice.language import guess
from oi_voice.voice.numerals import naturally
from oi_voice.voice.sentences import LONGEST, Sentences
from oi_voice.voice.summary import LIMIT

CORPUS = Path(__file__).parent.parent / "data" / "sentences.yaml"
CASES: dict[str, tuple[str, list[str]]] = {
    name: (text, says) for name, text, says in yaml.safe_load(CORPUS.read_text(encoding="utf-8"))
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
    said = whole("word " * 100)
    assert all(len(piece) <= LONGEST for piece in said)
    assert " ".join(said).split() == ["word"] * 100


@pytest.mark.parametrize("size", [1, 7, 10_000])
@pytest.mark.parametrize(("text", "words"), [("<b>" * 2000, ""), ("Look: " + "<i>" * 1000 + "here.", "Look: here.")])
def test_a_row_of_tags_has_no_sound_wherever_it_is_cut(text: str, words: str, size: int) -> None:
    sentences = Sentences()
    said = [one for start in range(0, len(text), size) for one in sentences.feed(text[start : start + size])]
    assert " ".join(said + sentences.end()) == words


def test_time_grows_with_the_length_alone() -> None:
    def seconds(count: int) -> float:
        sentences = Sentences()
        began = time.perf_counter()
        for _ in range(count):
            sentences.feed("some word ")
        return time.perf_counter() - began

    seconds(100)
    assert seconds(4000) < 12 * max(seconds(1000), 0.005)


@pytest.mark.timeout(20)
def test_a_row_of_dots_is_passed_over_at_once() -> None:
    assert whole("." * 50_000 + " The end.")[-1:] == ["The end."]


ODD = st.text(alphabet="ab A1.,!?\n`*_[]()#-|<>~ \"'…。，z$", max_size=120)
PROSE = st.lists(
    st.sampled_from(
        [
            "word",
            "z. B.",
            "e.g.",
            "U.S.",
            "3.",
            "No.",
            "`a, b`",
            "end.",
            "so,",
            "why?",
            "—",
            "\n",
            "\n\n",
            "```",
            "[x](y. z)",
            "| a",
            "1. ",
            "- ",
            "Dr.",
            "“Go.”",
            "...",
            "你好。",
            "，",
            "<b>",
            "10:30",
            "$5",
            "p.m.",
            "The",
            "a longer stretch of words",
        ]
    ),
    max_size=60,
).map(" ".join)


@settings(deadline=None, max_examples=300)
@given(st.one_of(ODD, PROSE), st.lists(st.integers(1, 9), min_size=1, max_size=5))
def test_no_text_breaks_it_however_it_is_cut(text: str, sizes: list[int]) -> None:
    sentences, said, at = Sentences(), [], 0
    for size in itertools.cycle(sizes):
        if at >= len(text):
            break
        said += sentences.feed(text[at : at + size])
        at += size
    said += sentences.end()
    assert said == whole(text)
    for sentence in said:
        assert sentence == sentence.strip() != ""
        assert len(sentence) <= LONGEST
        assert "\n" not in sentence


SECRET = "leak_me"
HIDING = [
    "```python\n{}\n```",
    "~~~\n{}\n~~~",
    "````\n```\n{}\n```\n````",
    "- ```\n  {}\n  ```",
    "Look: ```sh\n{}\n```",
    "$$\n{}\n$$",
    "<script>\n{}\n</script>",
    "<!-- {}\n{} -->",
    "| a |\n|---|\n| {} |",
    '<img src="{}. x">',
    "[x](http://{}/a. b)",
    "https://x.org/{}",
    "> ```\n> {}\n> ```",
]


@pytest.mark.parametrize("hidden", HIDING)
def test_what_is_not_to_be_said_never_leaks_however_short_it_is_cut(hidden: str) -> None:
    text = f"Here it is.\n{hidden.format(SECRET, SECRET)}\n"
    for end in range(len(text) + 1):
        sentences = Sentences()
        said = [one for character in text[:end] for one in sentences.feed(character)]
        said += sentences.end() if end == len(text) else []  # a stream may end anywhere, but then speaks no more
        assert not [one for one in said if "leak" in one or "`" in one or "~" in one]


@pytest.mark.parametrize("hidden", HIDING[:9])
def test_a_stream_that_ends_within_a_fence_says_none_of_it(hidden: str) -> None:
    text = f"Here it is.\n{hidden.format(SECRET, SECRET)}\n"
    for end in range(text.index(SECRET), len(text)):
        sentences = Sentences()
        assert not [one for one in sentences.feed(text[:end]) + sentences.end() if "leak" in one]


def test_code_and_tables_are_mentioned_once_a_reply() -> None:
    sentences = Sentences()
    said = sentences.feed("```\na\n```\n| x |\n") + sentences.end()
    said += sentences.feed("```\nb\n```\n| y |\n") + sentences.end()
    assert said == ["I've put the code on screen.", "I've put the table on screen."]


def test_the_first_clause_is_out_while_the_sentence_goes_on() -> None:
    sentences = Sentences()
    assert sentences.feed("I have found three new files, ") == []  # a number might follow
    assert sentences.feed("a") == ["I have found three new files,"]
    assert sentences.feed("nd I will open them, one by one, for") == []
    assert sentences.end() == ["and I will open them, one by one, for"]
    assert sentences.feed("After the code ran well, x") == ["After the code ran well,"]


def test_in_a_hurry_it_says_what_is_there() -> None:
    sentences = Sentences()
    sentences.feed("I am ")
    assert sentences.hurry() == []
    sentences.feed("now looking at th")
    assert sentences.hurry() == ["I am now looking at"]
    sentences.feed("e files that are here in th")
    assert sentences.hurry() == []
    assert sentences.end() == ["the files that are here in th"]


@pytest.mark.parametrize(
    "text", ["```python\nthe code is here", "Now look at `the code that", "See [the page of the", "- ", ""]
)
def test_no_hurry_opens_mark_up(text: str) -> None:
    sentences = Sentences()
    sentences.feed(text)
    assert not [one for one in sentences.hurry() if "code" in one or "page" in one]


LONG = [f"This is sentence number {number} of a reply that goes on and on." for number in range(30)]


def test_of_a_long_reply_the_beginning_is_said_and_how_much_more_there_is() -> None:
    said = whole("\n".join(LONG))
    assert said[:-1] == LONG[: len(said) - 1]
    assert said[-1] == f"… and {30 - len(said) + 1} more lines on screen."
    assert sum(map(len, said)) < LIMIT + 60
    paragraph = whole(" ".join(LONG))
    assert paragraph[-1] == f"… and {30 - len(paragraph) + 1} more sentences on screen."


def test_of_a_long_reply_its_own_summary_is_said() -> None:
    said = whole("\n".join([*LONG, "In short, all is well.", "```\nx\n```"]))
    assert said[-1] == "In short, all is well."


def test_little_more_than_the_limit_is_said_too() -> None:
    assert whole(" ".join([*LONG[:11], "Fine. Bye."]))[-2:] == ["Fine.", "Bye."]
    assert len([one for one in Sentences(limit=0).feed(" ".join(LONG) + " ")]) == 30


def test_a_german_reply_ends_in_german() -> None:
    text = "\n".join(f"Das ist die Zeile {number} und sie ist nicht die letzte von allen." for number in range(30))
    assert whole(text)[-1].endswith("weitere Zeilen auf dem Bildschirm.")


def test_the_language_is_that_of_what_was_said_last() -> None:
    sentences = Sentences("fr")
    sentences.feed("Ok. ")
    assert sentences.language == "fr"
    sentences.feed("This is the file that you wanted. ")
    assert sentences.language == "en"
    sentences.feed("Ok. ")
    assert sentences.language == "en"
    sentences.feed("Das ist nicht die Datei. ")
    assert sentences.language == "de"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Where is the file that you have?", "en"),
        ("Wo ist die Datei?", "de"),
        ("Où est le fichier que vous avez ?", "fr"),
        ("¿Dónde está el archivo?", "es"),
        ("Dov'è il file che ho?", "it"),
        ("Onde está o arquivo? Não é este.", "pt"),
        ("Waar is het bestand dat je hebt?", "nl"),
        ("Gdzie jest plik? Nie ma go.", "pl"),
        ("Var är filen som jag har?", "sv"),
        ("Где файл?", "ru"),
        ("Де файл, який є?", "uk"),
        ("文件在哪里？", "zh"),
        ("ファイルはどこですか", "ja"),
        ("파일이 어디", "ko"),
        ("أين الملف؟", "ar"),
        ("איפה הקובץ", "he"),
        ("फ़ाइल कहाँ है", "hi"),
        ("Πού είναι το αρχείο;", "el"),
        ("ไฟล์อยู่ที่ไหน", "th"),
        ("Ok.", ""),
        ("", ""),
        ("42", ""),
        ("The word 文件 means that it is a file.", "en"),
    ],
)
def test_a_language_is_guessed(text: str, language: str) -> None:
    assert guess(text) == language
    assert guess(text, "xx") == (language or "xx")


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet="aA1 059.,:;-–$€%/#~°*_=<>()GBkmsp'\"\n", max_size=60), st.sampled_from(["en", "de", "fr"]))
def test_any_number_can_be_said(text: str, language: str) -> None:
    said = naturally(text, language)
    assert said == " ".join(said.split())
    assert sum(map(str.isdigit, said)) <= sum(map(str.isdigit, text)) + 10
