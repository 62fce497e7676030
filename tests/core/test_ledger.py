"""The latency ledger: legs of a turn, and which one is slow."""

from __future__ import annotations

from pathlib import Path

import pytest

from oi_voice.ledger import KEPT, RECENT, Ledger, Past, keep, past, read, slow, told, usual

FAST = {"listening": 20.0, "transcribing": 300.0, "thinking": 400.0, "speaking": 90.0}
TYPED = {"thinking": 400.0, "speaking": 90.0}


def test_legs_are_between_first_marks() -> None:
    ledger = Ledger({"key": 1.0, "ready": 1.018, "release": 3.0})
    ledger.mark("text")
    first = ledger.marks["text"]
    ledger.mark("text")
    assert ledger.marks["text"] == first
    legs = ledger.legs()
    assert legs["listening"] == 18.0
    assert set(legs) == {"listening", "transcribing"}
    assert told({"transcribing": 240.4, "listening": 18.0}) == "listening 18 ms, transcribing 240 ms"


def test_a_key_that_is_let_go_after_the_text_was_there_makes_no_leg() -> None:
    assert Ledger({"text": 1.0, "token": 1.5, "release": 9.0}).legs() == {"thinking": 500.0}


def test_the_slow_leg_is_named() -> None:
    assert slow([FAST] * 5) == ""
    assert slow([]) == ""
    words = slow([{**FAST, "transcribing": 2400.0}] * 3 + [FAST, TYPED])
    assert words.startswith("The recogniser is slow: 2400 ms in the middle of 4 turns,")
    assert "of 1 turn," in slow([{"speaking": 900.0}])
    assert slow([{**FAST, "transcribing": 2400.0}] * 50 + [FAST] * RECENT) == "", "what was put right is forgotten"


def test_how_long_it_is_to_the_first_sound() -> None:
    assert Past(FAST).wait == 790.0
    assert Past(TYPED).wait == 490.0
    assert (Past(FAST).typed, Past(TYPED).typed, Past({"speaking": 90.0}).typed) == (False, True, False)
    for missing in ("transcribing", "thinking", "speaking"):
        assert Past({leg: ms for leg, ms in FAST.items() if leg != missing}).wait is None
    words = usual([Past(FAST), Past(FAST), Past(TYPED), Past({"listening": 20.0})])
    assert words == "From letting go of the key to the first sound: 790 ms in the middle of 2 turns."
    assert usual([Past(TYPED)]) == ""


def test_the_file_keeps_the_latest_and_survives_what_is_no_turn(tmp_path: Path) -> None:
    path = tmp_path / "state" / "latency.jsonl"
    for number in range(KEPT + 5):
        keep(path, {"listening": float(number)}, number)
    turns = past(path)
    assert (len(turns), turns[-1]) == (KEPT, Past({"listening": KEPT + 4.0}, KEPT + 4))
    assert read(path)[-1] == {"listening": KEPT + 4.0}
    path.write_text(path.read_text() + 'half a li\n[1]\n{"listening": "no"}\n{"at": 5}\n' + "[" * 100_000 + "\n")
    assert len(read(path)) == KEPT
    assert read(tmp_path / "none") == []
    keep(path, {}, 1.0)
    assert [each.name for each in path.parent.iterdir()] == ["latency.jsonl"]


@pytest.mark.parametrize(
    ("line", "turn"),
    [
        ('{"listening": 18.0, "thinking": 4}', Past({"listening": 18.0, "thinking": 4.0})),
        ('{"at": 1790000000, "thinking": 4}', Past({"thinking": 4.0}, 1790000000)),
        ('{"at": -1, "thinking": 4, "other": 1}', Past({"thinking": 4.0})),
        ('{"at": 1e999, "thinking": 4, "speaking": NaN, "listening": -3}', Past({"thinking": 4.0})),
        (f'{{"at": {10**400}, "thinking": 4}}', Past({"thinking": 4.0})),
    ],
)
def test_a_line_may_lack_when_it_was(tmp_path: Path, line: str, turn: Past) -> None:
    path = tmp_path / "latency.jsonl"
    path.write_text(line + "\n")
    assert past(path) == [turn]
    keep(path, FAST, 1790000001.4)
    assert past(path) == [turn, Past(FAST, 1790000001)]
