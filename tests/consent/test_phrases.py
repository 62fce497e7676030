"""A spoken yes is a whole parse of a closed grammar; whatever else is said approves nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from oi_voice.consent.phrases import TRIES, Act, Said, SpokenCode, fresh_code, meaning, needs_code, to_json
from oi_voice.consent.voice import GRAMMARS, LONGEST, words

TABLE = Path(__file__).parent.parent / "data" / "consent_phrases.tsv"


@dataclass(frozen=True)
class Row:
    phrase: str
    verdict: str
    language: str
    kind: str
    note: str


def rows() -> Iterator[Row]:
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            phrase, verdict, note = line.split("\t")
            language, kind = note.partition(":")[0].split()
            yield Row(phrase, verdict, language, kind, note.partition(": ")[2])


ROWS = list(rows())
TRAPS = [row for row in ROWS if row.kind == "trap"]
PLAIN = [row for row in ROWS if row.kind == "plain"]
YES = [row for row in PLAIN if row.verdict == "approve"]
NO = sorted(set().union(*(grammar.deny | grammar.doubt for grammar in GRAMMARS.values())))
yes = st.sampled_from(YES)


def test_the_table_is_mostly_traps() -> None:
    assert len(ROWS) >= 170
    assert len({(row.phrase, row.language) for row in ROWS}) == len(ROWS)
    assert len(TRAPS) >= 100
    assert len(TRAPS) >= 2 / 3 * len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.language} {row.phrase}")
def test_each_phrase_means_what_the_table_says(row: Row) -> None:
    found = meaning(row.phrase, row.language)
    assert found.verdict == row.verdict, found.why
    if row.kind == "act":
        assert found.act == row.note


def test_no_trap_approves_in_any_language() -> None:
    taken = [row for row in TRAPS for language in ("en", "de") if meaning(row.phrase, language).verdict == "approve"]
    # Each of these two is plain in its own language, and a trap only where the recogniser heard the other one.
    assert {row.phrase for row in taken} <= {"ja", "yes"}


def test_plain_answers_are_understood() -> None:
    understood = [row for row in PLAIN if meaning(row.phrase, row.language).verdict == row.verdict]
    assert len(understood) >= 0.95 * len(PLAIN)


@settings(deadline=None)
@given(yes, st.sampled_from(NO), st.integers(0, LONGEST))
@example(YES[0], "not", 0)
def test_a_word_of_denial_or_doubt_wins_wherever_it_stands(row: Row, no: str, at: int) -> None:
    said = row.phrase.split()
    said.insert(min(at, len(said)), no)
    assert meaning(" ".join(said), row.language).verdict is not Said.APPROVE


@settings(deadline=None)
@given(st.lists(st.sampled_from(sorted(GRAMMARS["en"].parts)), min_size=1, max_size=12).map(" ".join))
def test_a_long_phrase_is_never_a_yes(phrase: str) -> None:
    if len(words(phrase)) > LONGEST:
        assert meaning(phrase).verdict is Said.NEITHER


@settings(deadline=None)
@given(yes, st.sampled_from(["coffee", "he", "should", "the", "zebra", "ran", "42", "wenn", "said"]), st.integers(0, 8))
def test_one_strange_word_is_enough(row: Row, word: str, at: int) -> None:
    said = row.phrase.split()
    said.insert(min(at, len(said)), word)
    assert meaning(" ".join(said), row.language).verdict is not Said.APPROVE


@settings(deadline=None)
@given(yes, st.sampled_from(["?", "…", "...", " —", "\u200b", "\u202e", '"', "_", "¿", "؟", "\x07"]), st.booleans())
def test_a_mark_that_is_no_plain_stop_is_no_yes(row: Row, mark: str, before: bool) -> None:
    phrase = mark + row.phrase if before else row.phrase + mark
    assert meaning(phrase, row.language).verdict is not Said.APPROVE


@settings(deadline=None)
@given(st.text(max_size=60), st.sampled_from(["en", "de-AT", "fr", ""]), st.sampled_from(["", "137"]))
def test_anything_may_be_heard(phrase: str, language: str, code: str) -> None:
    found = meaning(phrase, language, code=code)
    assert found.why
    assert not (found.verdict is Said.APPROVE and language in ("fr", ""))


@pytest.mark.parametrize("phrase", ["\u0443es", "y\u200bes", "ye\u0301s", "", "   ", "...", "?"])
def test_what_only_looks_like_a_yes_is_none(phrase: str) -> None:
    assert meaning(phrase).verdict is Said.NEITHER


def test_a_phrase_is_read_as_it_may_be_written() -> None:
    for phrase in ("YES!", "  yes ", "ＹＥＳ", "Yesss.", "um, yes"):
        assert meaning(phrase).verdict is Said.APPROVE
    assert meaning("DON’T").verdict is Said.DENY
    assert meaning("nooooo").verdict is Said.DENY
    assert meaning("Ja", "de_CH").verdict is Said.APPROVE


def test_no_counts_in_any_language_and_without_a_table() -> None:
    for language in ("en", "de", "fr", "xx-YY"):
        assert meaning("nein", language).verdict is Said.DENY
        assert meaning("no, stop", language).verdict is Said.DENY
        assert meaning("oui", language).verdict is Said.NEITHER


def test_no_word_of_the_grammar_denies() -> None:
    for grammar in GRAMMARS.values():
        assert not {word for phrase in grammar.parts for word in phrase.split()} & set(NO)


def test_a_whole_transcript_costs_little() -> None:
    assert meaning("yes run it " * 50_000).verdict is Said.NEITHER


def test_json() -> None:
    found = json.loads(json.dumps(to_json(meaning("stop"))))
    assert (found["verdict"], found["act"]) == ("deny", "stop")
    assert set(found) == {"verdict", "act", "why"}


# --- the code


@pytest.mark.parametrize("level", ["destructive", "sends", "unknown", "", "Read", "something new"])
def test_what_cannot_be_taken_back_needs_the_code(level: str) -> None:
    assert needs_code(level)


@pytest.mark.parametrize("level", ["read", "reversible", "changes"])
def test_the_rest_needs_none(level: str) -> None:
    assert not needs_code(level)


@pytest.mark.parametrize(
    ("phrase", "language"),
    [
        ("one three seven", "en"),
        ("137", "en"),
        ("1 3 7.", "en"),
        ("1-3-7", "en"),
        ("one hundred thirty-seven", "en"),
        ("a hundred and thirty seven", "en"),
        ("one thirty-seven", "en"),
        ("yes, 137", "en"),
        ("Yes, run it, one three seven.", "en"),
        ("the code is 137", "en"),
        ("won three seven please", "en"),
        ("137, go ahead", "en"),
        ("eins drei sieben", "de"),
        ("hundertsiebenunddreißig", "de"),
        ("einhundertsiebenunddreissig", "de"),
        ("ja, der Code ist 137", "de"),
    ],
)
def test_the_code_as_it_may_be_said(phrase: str, language: str) -> None:
    found = meaning(phrase, language, code="137")
    assert (found.verdict, found.act) == (Said.APPROVE, Act.CODE)
    assert meaning(phrase, language, code="138").verdict is Said.NEITHER
    assert meaning(phrase, language).verdict is Said.NEITHER, "a code that nobody asked for"


@pytest.mark.parametrize(
    "phrase",
    [
        *("yes", "yes, run it", "13", "1377", "137 137", "137 or 138", "not 137", "is it 137", "137?", "one three"),
        *(
            "137 1",
            "call 137",
            "1 yes 37",
            "137 percent",
            "1.37",
            "1,37",
            "it costs 137",
            "",
            "read 137 to me",
            "seven three one",
        ),
    ],
)
def test_with_a_code_nothing_less_approves(phrase: str) -> None:
    assert meaning(phrase, code="137").verdict is not Said.APPROVE


def test_a_word_that_sounds_like_a_digit_is_none_beside_a_number() -> None:
    assert meaning("yes, for 13", code="413").verdict is Said.NEITHER
    assert meaning("it's for one three", code="413").verdict is Said.APPROVE


@settings(deadline=None)
@given(st.integers(0, 999), st.integers(100, 999))
def test_only_the_right_number_approves(said: int, code: int) -> None:
    assert (meaning(f"{said:03d}", code=str(code)).verdict is Said.APPROVE) == (said == code)


def test_every_number_can_be_said_as_a_number() -> None:
    for language, grammar in GRAMMARS.items():
        assert set(grammar.numbers.values()) == {str(number) for number in range(100, 1000)}
        assert all(meaning(said, language, code=code).verdict is Said.APPROVE for said, code in grammar.numbers.items())


def test_codes_are_easy_to_say() -> None:
    codes = {fresh_code() for _ in range(5000)}
    assert len(codes) > 180  # of 202
    for code in codes:
        assert len(set(code)) == 3
        assert not set(code) & set("029")
        assert code not in "12345678"
        assert code not in "87654321"


def test_a_code_works_once() -> None:
    code = SpokenCode("137")
    assert code.hear("yes").verdict is Said.NEITHER
    assert code.hear("yes, 137").verdict is Said.APPROVE
    assert not code.alive
    assert code.hear("yes, 137").verdict is Said.NEITHER


def test_a_code_allows_few_tries() -> None:
    code = SpokenCode("137")
    for _ in range(TRIES):
        assert code.hear("138").verdict is Said.NEITHER
    assert code.hear("137").verdict is Said.NEITHER
    assert code.hear("no").verdict is Said.DENY


def test_an_answer_by_hand_spends_the_code() -> None:
    code = SpokenCode()
    code.spend()
    assert code.hear(code.digits).verdict is Said.NEITHER
