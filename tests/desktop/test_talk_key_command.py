"""``oi-voice talk …``: the talk key of a desktop that gives programs none."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from oi_voice.desktop.instance import Instance, Serves, ask
from oi_voice.desktop.talk import Talk, talk
from oi_voice.desktop.window import About, DesktopUi
from oi_voice.errors import DesktopError
from oi_voice.events import Heard, Notice, Outcome, State, StateChanged
from oi_voice.ports import Pcm
from oi_voice.testing import Harness, harness
from oi_voice.testing.fakes import FakeRecorder, FakeTranscriber


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "oi_voice" / "socket"


@pytest.fixture
async def running(path: Path) -> AsyncIterator[Harness]:
    h = harness(["Hello."])
    instance = Instance.claim(path)
    assert instance is not None
    await instance.serve(Serves(h.engine, lambda: None, lambda: None))
    yield h
    instance.close()
    await h.engine.close()


async def tell(path: Path, how: Talk, h: Harness, state: State) -> None:
    """Returns once the engine has come to this state."""
    came = asyncio.Event()
    deaf = h.engine.listen(
        lambda event: came.set() if isinstance(event, StateChanged) and event.state is state else None
    )
    await asyncio.to_thread(talk, path, how)
    await asyncio.wait_for(came.wait(), 10)
    deaf()


@pytest.mark.parametrize(("begin", "end"), [(Talk.START, Talk.STOP), (Talk.TOGGLE, Talk.TOGGLE)])
async def test_a_take_is_begun_and_ended(running: Harness, path: Path, begin: Talk, end: Talk) -> None:
    await tell(path, begin, running, State.LISTENING)
    await tell(path, end, running, State.TRANSCRIBING)


async def test_a_take_is_dropped(running: Harness, path: Path) -> None:
    await tell(path, Talk.START, running, State.LISTENING)
    await tell(path, Talk.CANCEL, running, State.IDLE)


async def test_a_repeated_start_goes_on_with_the_take(running: Harness, path: Path) -> None:
    await tell(path, Talk.START, running, State.LISTENING)
    turn = running.engine.turn
    await asyncio.to_thread(talk, path, Talk.START)
    assert running.engine.turn == turn


async def test_the_last_take_is_tried_again_as_it_was_wanted(running: Harness, path: Path) -> None:
    running.transcriber.text = ""
    for how in (Talk.START, Talk.STOP):
        await asyncio.to_thread(talk, path, how)
    assert (await running.ended()).outcome is Outcome.EMPTY
    other = FakeTranscriber(running.journal, "so that was it")
    assert running.kit.ear
    running.kit.ear.other = {"whisper:base": other}.__getitem__
    await asyncio.to_thread(talk, path, Talk.RETRY, "whisper:base", "de")
    assert (await running.until(Heard)).text == "so that was it"
    assert other.hints.languages == ("de",)


async def test_with_no_take_to_try_again_the_person_is_told(running: Harness, path: Path) -> None:
    await asyncio.to_thread(talk, path, Talk.RETRY)
    assert "no recording" in (await running.until(Notice)).text
    ui = DesktopUi(running.engine, About("F9", "", ""), lambda: None)
    ui.act("retry")
    assert "no recording" in (await running.until(Notice)).text
    await ui.close()


@pytest.fixture
def slow(running: Harness) -> asyncio.Event:
    """A microphone that opens when this is set."""
    opened = asyncio.Event()

    class Slow(FakeRecorder):
        async def start(self, fed: Callable[[Pcm], None] | None = None) -> None:
            await opened.wait()
            await super().start(fed)

    assert running.kit.ear
    running.kit.ear.recorder = Slow(running.journal)
    return opened


async def test_a_take_is_ended_before_the_microphone_is_open(running: Harness, path: Path, slow: asyncio.Event) -> None:
    for how in (Talk.TOGGLE, Talk.TOGGLE):
        await asyncio.to_thread(talk, path, how)
    slow.set()
    assert (await running.ended()).outcome is Outcome.DONE


async def test_a_repeated_start_does_not_begin_anew(running: Harness, path: Path, slow: asyncio.Event) -> None:
    for how in (Talk.START, Talk.START, Talk.STOP):
        await asyncio.to_thread(talk, path, how)
    slow.set()
    assert (await running.ended()).outcome is Outcome.DONE
    assert not running.engine.taking


async def test_talk_in_the_tray_pressed_twice_does_not_begin_anew(running: Harness, slow: asyncio.Event) -> None:
    ui = DesktopUi(running.engine, About("F9", "", ""), lambda: None)
    ui.act("talk")
    turn = running.engine.turn
    ui.act("talk")
    assert running.engine.turn == turn
    slow.set()
    ended = await running.ended()
    assert (ended.turn, ended.outcome) == (turn, Outcome.DONE)
    await ui.close()


def test_nobody_there_is_said_with_what_to_do(path: Path) -> None:
    with pytest.raises(DesktopError, match=r"not running.*oi-voice"):
        talk(path, Talk.TOGGLE)


async def test_an_unknown_request_names_those_there_are(running: Harness, path: Path) -> None:
    answer = await asyncio.to_thread(ask, path, {"do": "talk loudly"})
    assert "talk toggle" in answer["error"]
