"""What was said: shown, reviewed, corrected, and never lost to a recogniser that fails."""

from __future__ import annotations

import pytest

from oi_voice.errors import OiVoiceError, TranscriberError
from oi_voice.events import Heard, InputRequested, Notice, Outcome, State, TurnEnded
from oi_voice.messages import Role
from oi_voice.testing import HANG, Harness, harness


async def speak(h: Harness, words: str = "do it") -> None:
    h.transcriber.text = words
    h.engine.press()
    await h.until(State.LISTENING)
    h.engine.release()


def requests(h: Harness) -> list[str]:
    return [message.content for message in h.engine.history if message.role is Role.USER]


async def test_what_was_heard_is_told_at_once() -> None:
    h = harness()
    await speak(h, "open the door")
    heard = await h.until(Heard)
    assert (heard.text, heard.engine, heard.confidence) == ("open the door", "fake", 1.0)
    ended = await h.ended()
    assert set(ended.legs) == {"listening", "transcribing", "thinking", "speaking"}


async def test_the_recogniser_is_told_of_the_release_while_the_tail_is_recorded() -> None:
    h = harness()
    await speak(h)
    await h.ended()
    steps = [entry for entry in h.journal.entries if entry[0] in ("record", "tail", "transcribe")]
    assert steps == [("record", "start"), ("tail", ""), ("record", "stop"), ("transcribe", "")]


async def test_the_person_may_correct_what_was_heard() -> None:
    h = harness(**{"voice.review": "always"})
    h.engine.asking.attend()
    await speak(h, "list pods with cube cuttle")
    question = await h.until(InputRequested)
    assert (question.text, h.engine.state) == ("list pods with cube cuttle", State.ASKING)
    h.engine.asking.answer(question.id, "list pods with kubectl", "test")
    await h.ended()
    assert requests(h) == ["list pods with kubectl"]
    await speak(h)
    assert "kubectl" in h.transcriber.hints.vocabulary


async def test_what_is_not_sent_is_not_asked() -> None:
    h = harness(**{"voice.review": "always"})
    h.engine.asking.attend()
    await speak(h)
    question = await h.until(InputRequested)
    h.engine.asking.answer(question.id, None, "test")
    assert (await h.ended()).outcome is Outcome.EMPTY
    assert requests(h) == []
    assert not [event for event in h.events if isinstance(event, Notice)], "it was the person who said no"


@pytest.mark.parametrize("why", ["the window is gone", "nobody answered within 60 seconds"])
async def test_words_that_nobody_decided_on_are_not_lost_without_a_word(why: str) -> None:
    h = harness(**{"voice.review": "always"})
    h.engine.asking.attend()
    await speak(h)
    question = await h.until(InputRequested)
    h.engine.asking.answer(question.id, None, "test", why)
    notice = await h.until(Notice)
    assert notice.text == f"What you said was not sent: {why}. To have it back: oi-voice talk retry"
    assert (await h.ended()).outcome is Outcome.EMPTY
    h.engine.retry()
    question = await h.until(InputRequested)
    h.engine.asking.answer(question.id, question.text, "test")
    await h.ended()
    assert requests(h) == ["do it"]


async def test_whoever_leaves_amid_a_review_sends_nothing() -> None:
    h = harness(**{"voice.review": "always"})
    leave = h.engine.asking.attend()
    await speak(h)
    await h.until(InputRequested)
    leave()
    assert "was not sent" in (await h.until(Notice)).text
    assert (await h.ended()).outcome is Outcome.EMPTY
    assert requests(h) == []


@pytest.mark.parametrize(("confidence", "reviewed"), [(0.3, True), (0.9, False)])
async def test_low_confidence_is_reviewed(confidence: float, reviewed: bool) -> None:
    h = harness(**{"voice.review": "low"})
    h.engine.asking.attend()
    h.transcriber.confidence = confidence
    await speak(h)
    await h.until(InputRequested if reviewed else TurnEnded)
    assert bool(h.engine.asking.open) == reviewed


async def test_nobody_to_review_it_sends_it() -> None:
    h = harness(**{"voice.review": "always"})
    await speak(h)
    assert (await h.ended()).outcome is Outcome.DONE
    assert requests(h) == ["do it"]


async def test_a_spoken_correction_is_learned_and_sent_instead() -> None:
    h = harness()
    await speak(h, "list pods with cube cuttle")
    await h.ended()
    await speak(h, "no, kubectl")
    await h.ended()
    assert requests(h)[-1] == "list pods with kubectl"
    assert any(isinstance(event, Notice) and "kubectl" in event.text for event in h.events)


async def test_a_take_whose_recogniser_fails_is_kept_and_tried_again() -> None:
    h = harness()
    h.transcriber.error = TranscriberError("It crashed.")
    await speak(h)
    notice = await h.until(Notice)
    assert notice.text == "It crashed. The recording is kept: try again."
    assert (await h.ended()).outcome is Outcome.FAILED
    assert h.kit.ear
    [take] = h.kit.ear.takes
    assert take.sound.data
    h.transcriber.error = None
    h.engine.retry(take.id, language="de")
    assert (await h.ended()).outcome is Outcome.DONE
    assert requests(h) == ["do it"]
    assert h.transcriber.hints.languages == ("de",)


async def test_pressed_again_while_the_tail_is_recorded_the_take_goes_on() -> None:
    h = harness()
    h.recorder.tails.clear()
    await speak(h)
    await h.journal.until("tail")
    h.engine.press()
    h.recorder.tails.set()
    await h.journal.until("record", "go on")
    assert h.engine.state is State.LISTENING
    h.engine.release()
    assert (await h.ended()).outcome is Outcome.DONE
    assert requests(h) == ["do it"]
    assert h.journal.of("tail") == ["", "taken back", ""]
    assert [what for what in h.journal.of("record") if what != "abort"] == ["start", "go on", "stop"]


async def test_a_stop_while_it_is_recognised_keeps_the_take() -> None:
    h = harness()
    await speak(h, HANG)
    await h.until(State.TRANSCRIBING)
    h.engine.cancel()
    await h.ended()
    h.transcriber.text = "do it"
    h.engine.retry()
    assert (await h.ended()).outcome is Outcome.DONE


async def test_nothing_to_try_again_says_what_to_do() -> None:
    h = harness()
    with pytest.raises(OiVoiceError, match="Hold the key and speak"):
        h.engine.retry()
