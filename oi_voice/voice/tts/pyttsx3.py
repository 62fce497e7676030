"""Speech by pyttsx3 in a warm child process: it renders, somebody else plays.

Measured with espeak-ng on a busy 2-core machine: the child is ready after 80-90 ms, a sentence takes 10-15 ms.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from oi_voice.errors import SynthesizerError
from oi_voice.ports import Pcm
from oi_voice.voice.tts.voices import Voice, find, pick
from oi_voice.voice.tts.warm import Warm, answer, ask, ended, read_wav, started

CHILD = Path(__file__).with_name("child.py")


@dataclass(frozen=True, slots=True)
class _Manner:
    rate: int
    voice: str
    volume: float


class Pyttsx3Synthesizer:
    """The port's Synthesizer over the platform's own voices (espeak-ng on Linux; others are not tested).

    ``rate`` is in words a minute, ``volume`` 0 to 1, ``voice`` a name such as ``en-us``; empty is the engine's
    default, and so, with an error from ``start``, is an unknown one. A text in a language that the voice does not
    speak gets a voice that does. A child that dies or hangs is replaced, once a sentence.
    """

    def __init__(self, rate: int = 175, voice: str = "", volume: float = 1.0) -> None:
        self._manner = _Manner(rate, voice, volume)
        self._warm = Warm(lambda: _Child(self._manner), lambda child: child.manner != self._manner)

    async def start(self) -> None:
        wanted = self._manner.voice
        voices = await self._warm.run(lambda child: child.voices)
        if wanted and not find(voices, wanted):
            raise SynthesizerError(
                f"The speech engine has no voice called {wanted!r}.",
                fix="Its default voice speaks instead. List the voices with: espeak-ng --voices",
            )

    async def voices(self) -> tuple[Voice, ...]:
        """Those there are. Raises SynthesizerError."""
        return await self._warm.run(lambda child: child.voices)

    def tune(self, rate: int, voice: str, volume: float | None = None) -> None:
        """Speak at another rate, in another voice, or louder, from the next sentence on."""
        self._manner = _Manner(rate, voice, self._manner.volume if volume is None else volume)

    async def render(self, text: str, language: str = "") -> Pcm:
        if not text.strip():
            return Pcm(b"", 22_050)
        return await self._warm.run(lambda child: child.render(text, language))

    def close(self) -> None:
        self._warm.close()


class _Child:
    """The process and its folder. Blocking; EOFError when it died."""

    def __init__(self, manner: _Manner) -> None:
        self.manner = manner
        self._folder = Path(tempfile.mkdtemp(prefix="oi-voice-speech-"))
        self._process = started(
            # -P: beside the child lies a module named pyttsx3
            [sys.executable, "-P", str(CHILD), str(manner.rate), str(manner.volume)],
            stderr=subprocess.DEVNULL,
        )
        self._count = 0
        try:
            ready = json.loads(answer(self._process))
        except EOFError:
            ready = {"missing": True}
        if "missing" in ready:
            self.end()
            raise SynthesizerError("No speech engine was found.", fix="Install espeak-ng: sudo apt install espeak-ng")
        self.voices = tuple(Voice(each["id"], each["name"], tuple(each["languages"])) for each in ready["voices"])
        own = find(self.voices, manner.voice) if manner.voice else None
        self._usual = own.id if own else ready["usual"]

    def render(self, text: str, language: str) -> Pcm:
        self._count += 1
        path = self._folder / f"{self._count}.wav"
        voice = pick(self.voices, self._usual, language)
        ask(self._process, json.dumps({"text": text, "path": str(path), "voice": voice}))
        answered = json.loads(answer(self._process))
        if "error" in answered:
            raise SynthesizerError(f"The speech engine failed on a sentence ({answered['error']}).")
        return read_wav(path)

    def end(self) -> None:
        ended(self._process)
        shutil.rmtree(self._folder, ignore_errors=True)
