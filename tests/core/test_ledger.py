"""The latency ledger: legs of a turn, and which one is slow."""

from __future__ import annotations

from pathlib import Path

from oi_voice.ledger import KEPT, Ledger, keep, read, slow, told


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


def test_the_slow_leg_is_named() -> None:
    fast = {"listening": 20.0, "transcribing": 300.0, "thinking": 400.0, "speaking": 90.0}
    assert slow([fast] * 5) == ""
    assert slow([]) == ""
    words = slow([{**fast, "transcribing": 2400.0}] * 3 + [fast])
    assert words.startswith("The recogniser is slow: 2400 ms in the middle of 4 turns")


def test_the_file_keeps_the_latest_and_survives_what_is_no_turn(tmp_path: Path) -> None:
    path = tmp_path / "state" / "latency.jsonl"
    for number in range(KEPT + 5):
        keep(path, {"listening": float(number)})
    turns = read(path)
    assert (len(turns), turns[-1]) == (KEPT, {"listening": KEPT + 4.0})
    path.write_text(path.read_text() + 'half a li\n[1]\n{"listening": "no"}\n')
    assert len(read(path)) == KEPT
    assert read(tmp_path / "none") == []
