"""What can go wrong with the real program: each a clear sentence with the fix, back to idle, nothing run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from oi_voice.demo.eyes import Eyes
from oi_voice.demo.person import ESPEAK, FLITE, Person, Voice
from oi_voice.demo.program import Event, Program, is_request, named
from oi_voice.demo.stage import Stage

pytestmark = [pytest.mark.desktop, pytest.mark.slow]
NANO = f"whisper:{Path(__file__).parents[1] / 'assets' / 'whisper-nano.pt'}"
ASKS = "what is thirty four times twelve"


class Desk:
    """A stage that may be broken, the program on it, and the person."""

    def __init__(self, stage: Stage, stack: ExitStack, voice: Voice, *arguments: str) -> None:
        self.stage = stage
        self.person = Person(stage, voice)
        stack.callback(self.person.close)
        self.eyes = Eyes(stage)
        stack.callback(self.eyes.close)
        self.program = Program(stage, "--trust-synthetic-input", "--stt", "grammar", "--voice_rate", "450", *arguments)
        stack.callback(self.program.close)
        self.program.start()

    def say(self, sentence: str) -> int:
        """Hold the key and say it; where in the events that began."""
        mark = self.program.mark()
        self.person.hold()
        self.program.wait(mark, 10, named("StateChanged", state="listening"))
        self.person.speak(sentence)
        self.person.let_go()
        return mark

    def ended(self, mark: int) -> Event:
        """The turn's end, after which the program is idle and nothing has run."""
        ended = self.program.wait(mark, 30, named("TurnEnded"))
        assert self.program.since(mark, named("StateChanged"))[-1]["state"] == "idle"
        assert not self.program.since(mark, named("StateChanged", state="running"))
        return ended

    def kill(self, module: str) -> None:
        """Kill the program's child process that runs ``module``."""
        process = self.program._process
        assert process is not None
        for child in psutil.Process(process.pid).children():
            if module in " ".join(child.cmdline()):
                child.kill()
                return
        raise AssertionError(f"{module} is no child of the program")


@pytest.fixture
def desk() -> Iterator[Callable[..., Desk]]:
    with ExitStack() as stack:

        def set_up(*arguments: str, voice: Voice = FLITE) -> Desk:
            return Desk(stack.enter_context(Stage()), stack, voice, *arguments)

        yield set_up


def test_no_microphone_is_told_and_spoken(desk: Callable[..., Desk]) -> None:
    it = desk("--model", "commands", "--microphone", "no such microphone")
    mark = it.program.mark()
    it.person.hold()
    ended = it.ended(mark)
    it.person.let_go()
    notice = it.program.since(mark, named("Notice", level="error"))[0]
    assert notice["code"] == "microphone"
    assert "no such microphone" in notice["text"]
    assert ended["outcome"] == "failed"
    assert "microphone" in ended["said"]


def test_a_sound_server_that_dies_in_mid_take_loses_neither_the_program_nor_the_next_take(
    desk: Callable[..., Desk],
) -> None:
    it = desk("--model", "commands")
    mark = it.program.mark()
    it.person.hold()
    it.program.wait(mark, 10, named("StateChanged", state="listening"))
    pulse = next(p for p in psutil.process_iter(["cmdline"]) if str(it.stage.folder / "default.pa") in p.cmdline())
    command = pulse.cmdline()
    pulse.kill()
    notice = it.program.wait(mark, 10, named("Notice", code="microphone"))
    assert notice["text"].count(".") >= 2  # what happened, and what to do
    it.person.let_go()
    it.ended(mark)
    it.stage.children.start(*command, env=it.stage.env)
    end = time.monotonic() + 10
    while not it.stage._sound_answers():
        assert time.monotonic() < end
        time.sleep(0.02)
    mark = it.say(ASKS)
    assert it.program.wait(mark, 20, is_request)["chunk"]["content"] == ASKS


def test_a_popup_that_is_killed_is_a_no_and_the_next_one_asks_again(desk: Callable[..., Desk]) -> None:
    it = desk("--model", "commands", "--stt", NANO, voice=ESPEAK)
    mark = it.say(ASKS)
    it.program.wait(mark, 20, named("ApprovalRequested"))
    it.eyes.wait_for("oi_voice asks", 10)
    it.kill("oi_voice.desktop.ui")
    resolved = it.program.wait(mark, 10, named("ApprovalResolved"))
    assert (resolved["approved"], resolved["by"]) == (False, "popup crashed")
    assert it.program.wait(mark, 10, named("Notice", code="desktop.popup"))
    it.ended(mark)
    mark = it.say(ASKS)
    it.program.wait(mark, 20, named("ApprovalRequested"))
    popup = it.eyes.wait_for("oi_voice asks", 15)
    x, y, _ = it.eyes.turn_to(popup, "Run", it.person)
    it.person.click(x, y)
    assert "408" in it.program.wait(mark, 20, named("TurnEnded"))["said"]


def test_a_model_that_refuses_is_told_and_spoken(desk: Callable[..., Desk]) -> None:
    it = desk("--model", "openai/none", "--api_base", "http://127.0.0.1:9/v1")
    ended = it.ended(it.say(ASKS))
    assert ended["outcome"] == "failed"
    assert "127.0.0.1" in it.program.since(0, named("Notice", level="error"))[-1]["text"]
    assert ended["said"]


def test_a_speech_engine_that_is_killed_comes_back(desk: Callable[..., Desk]) -> None:
    it = desk("--model", "commands")
    it.kill("tts/child.py")
    mark = it.say("what can you do")
    assert "I can" in it.program.wait(mark, 40, named("TurnEnded"))["said"]


def test_esc_cancels_a_take(desk: Callable[..., Desk]) -> None:
    it = desk("--model", "commands")
    mark = it.program.mark()
    it.person.hold()
    it.program.wait(mark, 10, named("StateChanged", state="listening"))
    it.person.chord("Escape")
    assert it.ended(mark)["outcome"] == "cancelled"
    it.person.let_go()


def test_an_escape_pressed_by_code_does_not_stop_that_code(desk: Callable[..., Desk]) -> None:
    it = desk("--model", "commands", "-y")
    ended = it.program.wait(it.say("press escape"), 30, named("TurnEnded"))
    assert ended["outcome"] == "done"


def test_a_second_start_brings_up_the_first(desk: Callable[..., Desk]) -> None:
    it = desk("--model", "commands")
    second = subprocess.run(
        [sys.executable, "-m", "oi_voice"], env=it.stage.env, capture_output=True, text=True, timeout=20
    )
    assert (second.returncode, "already running" in second.stdout) == (0, True)
    assert it.eyes.wait_for("oi_voice", 10)


def test_without_a_display_it_says_what_to_do() -> None:
    env = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    done = subprocess.run([sys.executable, "-m", "oi_voice"], env=env, capture_output=True, text=True, timeout=20)
    assert done.returncode == 1
    assert "There is no display here." in done.stderr
    assert "oi-voice demo" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("display", [":4711", "nonsense"])
def test_a_display_that_cannot_be_reached_is_named(display: str) -> None:
    env = {name: value for name, value in os.environ.items() if name != "WAYLAND_DISPLAY"} | {"DISPLAY": display}
    done = subprocess.run([sys.executable, "-m", "oi_voice"], env=env, capture_output=True, text=True, timeout=20)
    assert done.returncode == 1
    assert f"The display {display} can't be reached" in done.stderr


def test_nothing_is_left_behind_even_by_kill_9(desk: Callable[..., Desk]) -> None:
    it = desk("--model", "commands")
    process = it.program._process
    assert process is not None
    children = psutil.Process(process.pid).children(recursive=True)
    assert len(children) >= 3  # windows, kernel, speech
    os.kill(process.pid, signal.SIGKILL)
    _, alive = psutil.wait_procs(children, timeout=3)
    assert not alive, alive
