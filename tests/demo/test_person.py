"""The person's hands and eyes, and the ear at the loudspeaker, each against an independent witness."""

from __future__ import annotations

import select
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy
import pytest
from patience import SOON

from oi_voice.demo import x11
from oi_voice.demo.eyes import Eyes
from oi_voice.demo.monitor import Monitor
from oi_voice.demo.person import ESPEAK, FLITE, Person
from oi_voice.demo.stage import HEIGHT, WIDTH, Stage

Wav = Callable[[Any], Path]

Play = Callable[[Path], subprocess.Popen[bytes]]

pytestmark = pytest.mark.desktop


@pytest.fixture
def person(stage: Stage) -> Iterator[Person]:
    someone = Person(stage)
    yield someone
    someone.close()


@pytest.fixture
def monitor(stage: Stage) -> Iterator[Monitor]:
    listening = Monitor(stage)
    listening.start()
    yield listening
    listening.close()


@pytest.fixture
def play(stage: Stage) -> Iterator[Play]:
    """Plays a WAV file on the loudspeaker, until the end of the test at most."""
    playing = []

    def start(sound: Path) -> subprocess.Popen[bytes]:
        command = ("paplay", "--latency-msec=20", str(sound))
        playing.append(stage.children.start(*command, env=stage.env))
        return playing[-1]

    yield start
    for process in playing:
        stage.children.end(process)


@pytest.fixture
def witness(stage: Stage) -> Iterator[Any]:
    """A client of the X server that has nothing to do with the person: a window that has the keyboard."""
    from Xlib import X

    screen = x11.connect(stage.env)
    mask = X.KeyPressMask | X.KeyReleaseMask | X.ButtonPressMask | X.StructureNotifyMask
    window = screen.screen().root.create_window(
        50, 60, 200, 100, 0, X.CopyFromParent, override_redirect=1, event_mask=mask, background_pixel=0xC02020
    )
    window.map()
    next_event(screen, X.MapNotify)
    window.grab_keyboard(False, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime)
    yield screen
    window.destroy()
    screen.close()


def next_event(screen: Any, *kinds: int, timeout: float = 5.0) -> Any:
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        while screen.pending_events():
            if (event := screen.next_event()).type in kinds:
                return event
        select.select([screen.fileno()], [], [], end - time.monotonic())
    raise AssertionError("no such event")


def test_the_key_goes_down_and_up_for_every_client(person: Person, witness: Any) -> None:
    from Xlib import XK, X

    down = person.hold()
    event = next_event(witness, X.KeyPress)
    assert witness.keycode_to_keysym(event.detail, 0) == XK.string_to_keysym("Control_R")
    assert time.monotonic() - down < SOON
    person.let_go()
    assert next_event(witness, X.KeyRelease).detail == event.detail


def test_what_is_held_is_let_go_at_the_end(stage: Stage, witness: Any) -> None:
    from Xlib import X

    someone = Person(stage)
    someone.hold()
    someone.close()
    assert next_event(witness, X.KeyRelease)


def test_a_click_lands_where_it_was_aimed(person: Person, witness: Any) -> None:
    from Xlib import X

    person.click(60, 75)
    event = next_event(witness, X.ButtonPress)
    assert (event.root_x, event.root_y, event.detail) == (60, 75, 1)


def test_the_eyes_see_what_is_on_the_screen(stage: Stage, witness: Any, tmp_path: Path) -> None:
    eyes = Eyes(stage)
    try:
        picture = eyes.picture()
        assert picture.size == (WIDTH, HEIGHT)
        assert picture.getpixel((60, 75)) == (0xC0, 0x20, 0x20)
        assert eyes.screenshot(tmp_path / "screen.png").stat().st_size > 500
    finally:
        eyes.close()


@pytest.mark.parametrize("text", ["hello world", ""])
def test_an_editors_text_is_read_through_the_clipboard(stage: Stage, person: Person, text: str) -> None:
    eyes = Eyes(stage)
    editor = stage.children.start("mousepad", "--disable-server", env=stage.env)
    try:
        window = eyes.wait_for("Mousepad", 15)
        eyes.activate(window)
        for letter in text:
            person.chord("space" if letter == " " else letter)
        assert eyes.text_of(window, person, timeout=3 if text else 0.3) == text
    finally:
        stage.children.end(editor)
        eyes.wait_gone("Mousepad", 5)
        eyes.close()


def test_the_monitor_tells_when_sound_began_and_ended(
    stage: Stage, monitor: Monitor, play: Play, wav: Callable[[Any], Path]
) -> None:
    beep = 8000 * numpy.sin(2 * numpy.pi * 440 * numpy.arange(8000) / 16000)
    gap = numpy.zeros(4800)
    sound = wav(numpy.concatenate([beep, gap, beep]))
    before = time.monotonic()
    play(sound)
    began = monitor.wait_for_sound(before, 5)
    assert began is not None
    assert began >= before
    ended = monitor.wait_for_silence(began, 0.5, 5)
    assert ended is not None
    assert ended - began == pytest.approx(1.3, abs=0.02)
    assert monitor.last_sound(began, began + 0.7) == pytest.approx(began + 0.5, abs=0.02)
    assert monitor.first_sound(began + 0.6) == pytest.approx(began + 0.8, abs=0.02)
    assert monitor.seconds_of_sound(began, ended) == pytest.approx(1.0, abs=0.06)
    assert monitor.rms(began, began + 0.5) == pytest.approx(8000 / 32768 / 2**0.5, rel=0.1)
    assert monitor.first_sound(ended + 0.05) is None


def test_a_sound_cut_off_is_silent_at_the_monitor_at_once(
    stage: Stage, monitor: Monitor, play: Play, wav: Callable[[Any], Path]
) -> None:
    tone = 8000 * numpy.sin(2 * numpy.pi * 440 * numpy.arange(5 * 16000) / 16000)
    player = play(wav(tone))
    began = monitor.wait_for_sound(time.monotonic(), 5)
    assert began is not None
    cut = time.monotonic()
    stage.children.end(player)
    silent = monitor.wait_for_silence(cut, 0.3, 5)
    assert silent is not None
    assert silent - cut < SOON


@pytest.mark.parametrize("voice", [FLITE, ESPEAK], ids=lambda voice: voice.name)
def test_a_sentence_is_rendered_once_and_spoken_in_full(stage: Stage, voice: Any) -> None:
    someone = Person(stage, voice)
    try:
        wav = voice.render("take a screenshot", stage)
        made = wav.stat().st_mtime_ns
        began, ended = someone.speak("take a screenshot")
        assert wav.stat().st_mtime_ns == made
        assert 0.8 < ended - began < 5
    finally:
        someone.close()
