"""The report: one JSON object for programs, a table for people."""

from __future__ import annotations

import json

from oi_voice.demo.report import Report, Scene, table

HELD = Scene(
    "a",
    "a spoken question, answered aloud",
    ok=True,
    heard="what is thirty four times twelve",
    code="print(34 * 12)",
    approved=True,
    done="2.1 s of speech at the loudspeaker",
    said="34 times 12 is 408.",
    legs_ms={"key_to_listening": 12.3, "release_to_text": 140.0},
)
FAILED = Scene("c", "a deletion denied in the popup", approved=False, code="file.unlink()", evidence=["No window."])


def test_the_json_has_the_promised_keys_and_survives_a_round_trip() -> None:
    data = json.loads(json.dumps(Report([HELD], "demo-out", "grammar").to_json()))
    assert data["ok"] is True
    promised = {"name", "ok", "heard", "code", "approved", "said", "legs_ms", "evidence"}
    assert promised <= set(data["scenes"][0])


def test_one_failed_scene_fails_the_report_and_no_scene_proves_nothing() -> None:
    assert not Report([HELD, FAILED]).ok
    assert not Report([]).ok


def test_the_table_shows_what_was_heard_asked_done_said_and_each_leg() -> None:
    shown = table(Report([HELD, FAILED], "demo-out"))
    for part in ("ok    a", HELD.heard, HELD.code, "→ run", HELD.done, HELD.said, "key to listening 12"):
        assert part in shown
    for part in ("FAIL  c", "→ denied", "No window.", "1 of 2 scenes ok", "demo-out"):
        assert part in shown
    assert max(map(len, shown.splitlines())) <= 110
