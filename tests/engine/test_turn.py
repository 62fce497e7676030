"""The straight line of a turn, and each fault on it."""

from __future__ import annotations

import pytest

from oi_voice.errors import LanguageError, ModelError, OiVoiceError, PlayerError, RecorderError, SynthesizerError
from oi_voice.events import Notice, Outcome, SettingsChanged, State, StateChanged, Streamed
from oi_voice.messages import Role
from oi_voice.ports import Pcm
from oi_voice.testing import Harness, harness


async def spoken_turn(h: Harness) -> Outcome:
    h.engine.press()
    await h.until(State.LISTENING)
    h.engine.release()
    return (await h.ended()).outcome


async def test_a_spoken_question_is_heard_answered_and_said() -> None:
    h = harness(["It is four. Anything else?"])
    assert await spoken_turn(h) is Outcome.DONE
    states = [event.state for event in h.events if isinstance(event, StateChanged) and not event.speaking]
    assert states[:3] == [State.LISTENING, State.TRANSCRIBING, State.THINKING]
    assert h.journal.of("render") == ["It is four.", "Anything else?"]
    changes = [event for event in h.events if isinstance(event, StateChanged)]
    assert any(change.speaking for change in changes)
    assert not changes[-1].speaking
    assert [m.role for m in h.engine.history] == [Role.USER, Role.ASSISTANT]


async def test_silence_reaches_nobody() -> None:
    h = harness()
    h.transcriber.text, h.transcriber.speech = "", False
    assert await spoken_turn(h) is Outcome.EMPTY
    assert h.model.asked == []
    assert h.engine.history == []
    assert h.journal.of("render") == []


async def test_speech_that_is_not_understood_is_answered_so() -> None:
    h = harness()
    h.transcriber.text = ""
    assert await spoken_turn(h) is Outcome.EMPTY
    assert h.model.asked == []
    assert h.journal.of("render") == ["I did not understand that."]


async def test_code_runs_and_its_output_comes_back_to_the_model() -> None:
    h = harness(["```python\nprint(4)\n```\n", "Four."], auto_run=True)
    h.language.output = "4\n"
    h.engine.start_turn("what is two plus two")
    assert (await h.ended()).outcome is Outcome.DONE
    assert h.model.asked[1][-1].content == "4\n"
    assert "Four." in h.journal.of("render")


async def test_an_unknown_language_is_named_and_not_run() -> None:
    h = harness(["```cobol\nSTOP RUN.\n```\n", "Sorry."])
    h.engine.start_turn("do it")
    await h.ended()
    assert "There is no cobol here" in h.model.asked[1][-1].content
    assert h.journal.of("run") == []


@pytest.mark.parametrize("cut", ["no finish", "unclosed"])
async def test_half_a_program_never_runs(cut: str) -> None:
    h = harness(["```python\nrm('a')\n" + ("```\n" if cut == "no finish" else "")], auto_run=True)
    h.model.finish = "" if cut == "no finish" else "stop"
    h.engine.start_turn("do it")
    assert (await h.ended()).outcome is Outcome.FAILED
    assert h.journal.of("run") == []


FAULTS = {
    "recorder": RecorderError("No microphone was found.", fix="Plug one in."),
    "model": ModelError("The model refused the connection.", fix="Start it."),
}


@pytest.mark.parametrize("where", FAULTS)
async def test_a_fault_becomes_words_is_spoken_and_ends_idle(where: str) -> None:
    error: OiVoiceError = FAULTS[where]
    h = harness([error] if where == "model" else ["Hello."])
    h.recorder.error = error if where == "recorder" else None
    h.engine.press()
    h.engine.release()
    assert (await h.ended()).outcome is Outcome.FAILED
    notice = next(event for event in h.events if isinstance(event, Notice))
    assert (notice.level, notice.code, notice.text) == ("error", error.code, str(error))
    assert " ".join(h.journal.of("render")) == str(error)
    assert h.engine.state is State.IDLE


async def test_a_kernel_that_dies_is_told_to_the_model_and_the_turn_goes_on() -> None:
    h = harness(["```python\nboom()\n```\n", "It crashed."], auto_run=True)
    h.language.error = LanguageError("Python was killed by signal 11.")
    h.engine.start_turn("do it")
    assert (await h.ended()).outcome is Outcome.DONE
    assert h.model.asked[1][-1].content == "Python was killed by signal 11."


@pytest.mark.parametrize("part", ["synthesizer", "player"])
async def test_without_a_voice_the_answer_still_comes(part: str) -> None:
    h = harness(["One. Two. Three."])
    if part == "synthesizer":
        h.synthesizer.error = SynthesizerError("No speech engine.")
    else:
        h.player.error = PlayerError("No speaker.")
    h.engine.start_turn("hello")
    assert (await h.ended()).outcome is Outcome.DONE
    said = "".join(event.chunk.content for event in h.events if isinstance(event, Streamed) and event.turn)
    assert said.endswith("One. Two. Three.")
    assert len([event for event in h.events if isinstance(event, Notice)]) == 1


async def test_a_bug_becomes_words_not_a_hang() -> None:
    h = harness()
    h.model.replies = []  # the fake then fails with an IndexError
    h.engine.start_turn("hello")
    assert (await h.ended()).outcome is Outcome.FAILED
    assert any(event.code == "internal" for event in h.events if isinstance(event, Notice))


async def test_words_before_a_question_are_said_before_it_is_answered() -> None:
    h = harness(["I will list them\n```python\nls()\n```\n", "Done."])
    h.engine.start_turn("list")
    await h.until_speaking()
    assert h.engine.state is State.ASKING
    assert h.journal.of("render") == ["I will list them"]


async def test_a_bug_in_the_speech_engine_ends_the_turn_in_words() -> None:
    h = harness(["Hello there."])

    async def broken(text: str, language: str = "") -> Pcm:
        raise OSError("disk full")

    h.synthesizer.render = broken  # type: ignore[method-assign]  # a fault that no adapter should let out
    h.engine.start_turn("hello")
    await h.ended()
    assert any(event.code == "internal" for event in h.events if isinstance(event, Notice))
    assert h.engine.state is State.IDLE


async def test_nothing_but_unknown_languages_does_not_go_on_for_ever() -> None:
    h = harness(["```cobol\nSTOP RUN.\n```\n"])
    h.engine.start_turn("an example, please")
    assert (await h.ended()).outcome is Outcome.DONE
    assert len(h.model.asked) == 2


async def test_a_key_is_not_published() -> None:
    h = harness()
    h.settings.apply({"api_key": "a secret", "speak": False})
    assert (await h.until(SettingsChanged)).changed == {"voice.speak": False}


async def test_a_stop_before_the_microphone_is_open_is_a_stop() -> None:
    h = harness()
    h.engine.press()
    h.engine.cancel()
    assert (await h.ended()).outcome is Outcome.CANCELLED
