"""The simulated person: speaks into the virtual microphone, holds the key, clicks, all as a real one would."""

from __future__ import annotations

import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from oi_voice.demo import x11
from oi_voice.demo.children import missing
from oi_voice.demo.stage import MICROPHONE_SINK, Stage
from oi_voice.errors import DesktopError

TALK_KEY = "Control_R"


@dataclass(frozen=True, slots=True)
class Voice:
    """A speech program, of the Debian package of the same name, and the options that make it speak to a file."""

    name: str
    program: str
    options: tuple[str, ...]

    def render(self, sentence: str, stage: Stage) -> Path:
        """The sentence as a WAV file in the stage's folder, rendered once."""
        wav = stage.folder / f"{self.name}: {sentence}.wav"
        if not wav.exists():
            options = [option.format(wav=wav, text=sentence) for option in self.options]
            subprocess.run([self.program, *options], env=stage.env, check=True, capture_output=True)
        return wav


#: A fair speaker for the grammar recogniser.
FLITE = Voice("slt", "flite", ("-voice", "slt", "-o", "{wav}", "-t", "{text}"))
#: The voice that the small test checkpoint of Whisper was trained on.
ESPEAK = Voice("american", "espeak-ng", ("-v", "en-us", "-w", "{wav}", "{text}"))
#: What the program itself should sound like, made without it: its speech engine at the default rate.
PROGRAM = Voice("program", "espeak-ng", ("-s", "175", "-w", "{wav}", "{text}"))


class Person:
    """Acts from outside the program only, through the X server and the sound server."""

    def __init__(self, stage: Stage, voice: Voice = FLITE) -> None:
        missing({voice.program: voice.program, "paplay": "pulseaudio-utils"})
        self._stage = stage
        self._voice = voice
        self._screen = x11.connect(stage.env)
        self._held: set[int] = set()

    def close(self) -> None:
        """Let go of everything and leave."""
        self.relax()
        self._screen.close()

    def relax(self) -> None:
        """Let go of every key."""
        for code in list(self._held):
            self._key(code, down=False)

    def speak(self, sentence: str) -> tuple[float, float]:
        """Say it into the microphone; returns when it began and when it was over (monotonic seconds)."""
        wav = self._voice.render(sentence, self._stage)
        began = time.monotonic()
        play = ("paplay", f"--device={MICROPHONE_SINK}", "--latency-msec=20", str(wav))
        process = self._stage.children.start(*play, env=self._stage.env)
        try:
            if process.wait(timeout=30) != 0:
                raise DesktopError("The virtual microphone took no sound.", fix="See that pulseaudio works.")
        finally:
            self._stage.children.end(process)
        return began, time.monotonic()

    def hold(self, key: str = TALK_KEY) -> float:
        """Press a key and keep it down; returns when (monotonic seconds)."""
        return self._key(self._code(key), down=True)

    def let_go(self, key: str = TALK_KEY) -> float:
        """Release a key; returns when (monotonic seconds)."""
        return self._key(self._code(key), down=False)

    def chord(self, *keys: str) -> None:
        """Press keys one after another, then release them in reverse."""
        for key in keys:
            self.hold(key)
        for key in reversed(keys):
            self.let_go(key)

    def click(self, x: int, y: int) -> float:
        """Move the pointer there and click; returns when the button went down (monotonic seconds)."""
        from Xlib import X
        from Xlib.ext import xtest

        xtest.fake_input(self._screen, X.MotionNotify, x=x, y=y)
        at = time.monotonic()
        xtest.fake_input(self._screen, X.ButtonPress, 1)
        xtest.fake_input(self._screen, X.ButtonRelease, 1)
        self._screen.sync()
        return at

    def _code(self, key: str) -> int:
        from Xlib import XK

        code = self._screen.keysym_to_keycode(XK.string_to_keysym(key))
        if not code:
            raise DesktopError(f"This keyboard has no key {key}.", fix="Use an X keysym name, such as Control_R.")
        return int(code)

    def _key(self, code: int, *, down: bool) -> float:
        from Xlib import X
        from Xlib.ext import xtest

        at = time.monotonic()
        xtest.fake_input(self._screen, X.KeyPress if down else X.KeyRelease, code)
        self._screen.sync()
        (self._held.add if down else self._held.discard)(code)
        return at
