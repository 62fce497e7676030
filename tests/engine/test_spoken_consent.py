"""A question about code is said aloud, and answered aloud; what counts as a yes is in tests/consent/test_phrases."""

from __future__ import annotations

from pathlib import Path

from oi_voice.events import ApprovalRequested, ApprovalResolved, Notice, Outcome, State, StateChanged
from oi_voice.testing import Harness, harness

READS = "```python\nopen('/etc/hostname').read()\n```\n"
DELETES = "```python\nimport os\nos.remove('/tmp/oi-voice-there-is-none')\n```\n"
PHRASES = Path(__file__).parents[1] / "data" / "consent_phrases.tsv"


async def asked(h: Harness, shown: bool = True) -> ApprovalRequested:
    h.engine.start_turn("do it")
    question = await h.until(ApprovalRequested)
    assert isinstance(question, ApprovalRequested)
    if shown:
        h.engine.gate.show(question.digest)
    return question


async def say(h: Harness, words: str) -> None:
    """Hold the key and speak."""
    h.transcriber.text = words
    h.engine.press()
    await h.until(State.LISTENING)
    h.engine.release()
    await h.until(State.TRANSCRIBING)


async def test_a_spoken_yes_runs_what_was_shown() -> None:
    h = harness([READS, "Done."])
    question = await asked(h)
    await say(h, "Yes, run it.")
    resolved = await h.until(ApprovalResolved)
    assert (resolved.digest, resolved.approved, resolved.by) == (question.digest, True, "voice")
    assert not h.engine.resolve(question.turn, question.digest, False, "popup"), "one question, one answer"
    assert (await h.ended()).outcome is Outcome.DONE
    assert len(h.journal.of("run")) == 1


async def test_what_is_on_the_screen_helps_to_hear_requests_but_no_answer() -> None:
    h = harness([READS, "Done."])
    looked: list[str] = []
    assert h.kit.ear
    h.kit.ear.names = lambda: looked.append("once") or ["Yes, run it"]  # type: ignore[func-returns-value]
    await say(h, "do it")
    assert (h.transcriber.hints.prompt, h.transcriber.hints.prompt) == ("Yes, run it", "Yes, run it")
    assert looked == ["once"], "one look a take"
    await h.until(ApprovalRequested)
    await say(h, "no")
    assert h.transcriber.hints.prompt == ""
    await h.ended()


async def test_a_spoken_no_does_not_and_the_model_hears_it() -> None:
    h = harness([READS, "All right."])
    await asked(h)
    await say(h, "No, not now.")
    assert not (await h.until(ApprovalResolved)).approved
    await h.ended()
    assert h.journal.of("run") == []
    assert "No, not now." in h.model.asked[-1][-1].content


async def test_a_yes_before_the_question_was_shown_or_said_is_none() -> None:
    h = harness([READS, "Done."])
    h.player.holds = True  # it is not said to its end
    await asked(h, shown=False)
    await h.until_speaking()
    await say(h, "yes, run it")
    assert "not shown" in (await h.until(Notice)).text
    await h.until(State.ASKING)
    h.engine.cancel()
    assert h.journal.of("run") == []


async def test_a_question_said_to_its_end_may_be_answered() -> None:
    h = harness([READS, "Done."])
    question = await asked(h, shown=False)
    while not h.engine.gate.presented:
        await h.until_speaking()
    assert question.words in " ".join(h.journal.of("render"))
    await say(h, "yes, run it")
    assert (await h.until(ApprovalResolved)).approved


async def test_what_destroys_needs_the_digits_that_are_shown_and_never_said() -> None:
    h = harness([DELETES, "Done."])
    question = await asked(h)
    await say(h, "yes, run it")
    assert "code that is shown" in (await h.until(Notice)).text
    await h.until(State.ASKING)
    await say(h, " ".join(question.spoken))
    assert (await h.until(ApprovalResolved)).approved
    await h.ended()
    assert not any(question.spoken in said or " ".join(question.spoken) in said for said in h.journal.of("render"))


async def test_digits_said_too_early_may_be_said_again() -> None:
    h = harness([DELETES, "Done."])
    question = await asked(h, shown=False)
    await say(h, " ".join(question.spoken))
    assert "not shown" in (await h.until(Notice)).text
    await h.until(State.ASKING)
    h.engine.gate.show(question.digest)
    await say(h, " ".join(question.spoken))
    assert (await h.until(ApprovalResolved)).approved


async def test_a_code_guessed_three_times_is_dead() -> None:
    h = harness([DELETES, "Done."])
    question = await asked(h)
    wrong = [digits for digits in ("418", "513", "864", "137") if digits != question.spoken][:3]
    for digits in (*wrong, question.spoken):
        await say(h, " ".join(digits))
        await h.until(Notice)
        await h.until(State.ASKING)
    h.engine.cancel()
    assert h.journal.of("run") == []


async def test_stop_ends_the_turn() -> None:
    h = harness([READS, "Done."])
    await asked(h)
    await say(h, "stop")
    ended = await h.ended()
    assert ended.outcome is Outcome.CANCELLED
    assert h.journal.of("run") == []


async def test_it_says_what_the_code_does_and_reads_it_and_still_asks() -> None:
    h = harness([READS, "Done."])
    question = await asked(h)
    for phrase, said in (("what does it do", question.words), ("read it to me", "open('/etc/hostname').read()")):
        before = len(h.journal.of("render"))
        await say(h, phrase)
        await h.until(State.ASKING)
        await h.until_speaking()
        assert said in " ".join(h.journal.of("render")[before:])
    assert h.engine.gate.open


async def test_a_wish_for_other_code_reaches_the_model() -> None:
    h = harness([READS, "All right."])
    await asked(h)
    await say(h, "change the name to notes")
    await h.until(ApprovalResolved)
    await h.ended()
    assert "change the name to notes" in h.model.asked[-1][-1].content


async def test_silence_leaves_the_question_open() -> None:
    h = harness([READS, "Done."])
    await asked(h)
    h.transcriber.speech = False
    await say(h, "")
    await h.until(State.ASKING)
    assert h.engine.gate.open


async def test_without_the_setting_the_key_begins_a_new_turn() -> None:
    h = harness([READS, "Done."], **{"voice.consent": False})
    question = await asked(h)
    h.engine.press()
    resolved = await h.until(ApprovalResolved)
    assert (resolved.digest, resolved.approved) == (question.digest, False)
    assert h.engine.turn != question.turn


def traps() -> list[str]:
    rows = [line.split("\t") for line in PHRASES.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return [phrase for phrase, verdict, note in rows if verdict != "approve" and note.startswith("en ")]


async def test_no_trap_runs_anything() -> None:
    """The whole path, once for each phrase that is no yes, with everything shown."""
    h = harness([READS, "All right."])
    tried = traps()
    for phrase in tried:
        h.model.asked.clear()
        question = await asked(h)
        h.transcriber.text = phrase
        h.engine.press()
        await h.until(State.LISTENING)
        h.engine.release()
        state = State.TRANSCRIBING
        while state is State.TRANSCRIBING:  # until it asks on, or was told no
            state = (await h.until(StateChanged)).state
        h.engine.cancel()
        if h.events[-1].turn == question.turn:
            await h.ended()
    assert len(tried) >= 100
    assert h.journal.of("run").count("open('/etc/hostname').read()\n") == 0
