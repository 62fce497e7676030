"""Speech by piper, a neural synthesiser, where its program and a voice for it are installed.

Its program, in every version, reads a line of text, writes a WAV file into the folder it was given, and tells the
file's name: on stdout (the C++ one) or in its log (the Python one). One stays warm a voice, for loading takes a second.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from oi_voice.errors import SynthesizerError
from oi_voice.ports import Pcm
from oi_voice.voice.tts.voices import Voice, find, pick
from oi_voice.voice.tts.warm import Warm, answer, ask, ended, read_wav, started

USUAL = 175  # words a minute at a length scale of 1
_WRITTEN = re.compile(r"(\S.*?\.wav)\W*$")
_LEAD = re.compile(r"^.*?(?=/|[A-Za-z]:\\)")


@dataclass(frozen=True, slots=True)
class _Manner:
    rate: int
    voice: str
    volume: float


class PiperSynthesizer:
    """The port's Synthesizer over piper.

    ``voice`` is a voice's file, or its name in one of ``folders``; empty takes the first there. A text in a language
    that it does not speak gets a voice that does, if there is one. ``program`` is found by itself.
    """

    def __init__(
        self,
        voice: str = "",
        rate: int = USUAL,
        volume: float = 1.0,
        *,
        program: str = "",
        folders: Sequence[Path] | None = None,
    ) -> None:
        self._manner = _Manner(rate, voice, volume)
        self._program = program
        self._folders = folders
        self._wanted: tuple[str, _Manner] = ("", self._manner)
        self._warm = Warm(lambda: _Piper(self._command(), *self._wanted), self._stale)

    async def start(self) -> None:
        """Load the voice. Raises SynthesizerError where the program or the voice is missing."""
        self._choose("")
        await self._warm.run(lambda piper: piper.render("."))

    def tune(self, rate: int, voice: str = "", volume: float | None = None) -> None:
        """Speak at another rate, in another voice, or louder, from the next sentence on."""
        was = self._manner
        self._manner = _Manner(rate, voice or was.voice, was.volume if volume is None else volume)

    async def render(self, text: str, language: str = "") -> Pcm:
        if not text.strip():
            return Pcm(b"", 22_050)
        self._choose(language)
        return await self._warm.run(lambda piper: piper.render(text))

    def close(self) -> None:
        self._warm.close()

    def _choose(self, language: str) -> None:
        there = voices(self._folders)
        own = self._manner.voice
        if own and Path(own).is_file():
            there = [_described(Path(own)), *there]
            own = there[0].id
        usual = find(there, own) if own else next(iter(there), None)
        if usual is None:
            what = f"no piper voice called {own!r}" if own else "no piper voice"
            raise SynthesizerError(
                f"There is {what} on this machine.",
                fix=f"Put a voice's .onnx and .onnx.json files into {voice_folders()[0]}, or set voice.tts to pyttsx3.",
            )
        self._wanted = (pick(there, usual.id, language), self._manner)

    def _stale(self, piper: _Piper) -> bool:
        return (piper.model, piper.manner) != self._wanted

    def _command(self) -> list[str]:
        command = [self._program] if self._program else program()
        if not command:
            raise SynthesizerError("Piper is not installed.", fix="Install it: pip install piper-tts.")
        return command


class _Piper:
    """The program with one voice loaded. Blocking; EOFError when it died."""

    def __init__(self, command: list[str], model: str, manner: _Manner) -> None:
        self.model, self.manner = model, manner
        self._folder = Path(tempfile.mkdtemp(prefix="oi-voice-speech-"))
        scale = f"{USUAL / manner.rate:.3f}"
        try:
            self._process = started(
                [*command, "--model", model, "--output_dir", str(self._folder), "--length_scale", scale],
                stderr=subprocess.STDOUT,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )
        except OSError:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise

    def render(self, text: str) -> Pcm:
        from oi_voice.voice.tts.api import louder

        ask(self._process, " ".join(text.split()))
        while True:
            found = _WRITTEN.search(answer(self._process))
            if found and (path := self._written(found[1])):
                return louder(read_wav(path), self.manner.volume)

    def _written(self, words: str) -> Path | None:
        """The file that the end of a line names; a log puts words before it."""
        path = self._folder / Path(_LEAD.sub("", words)).name
        return path if path.is_file() else None

    def end(self) -> None:
        ended(self._process)
        shutil.rmtree(self._folder, ignore_errors=True)


def program() -> list[str]:
    """How piper is called here; empty where it is not. Another program of that name sets up mice."""
    from importlib.util import find_spec

    if find_spec("piper") and find_spec("piper.voice"):
        return [sys.executable, "-m", "piper"]
    found = shutil.which("piper")
    return [found] if found and not (Path(found).parent.parent / "share" / "piper" / "svgs").exists() else []


def voice_folders() -> list[Path]:
    """Where voices are looked for, the program's own folder first."""
    import platformdirs

    data = Path(platformdirs.user_data_dir("oi_voice", appauthor=False)).parent
    return [data / "oi_voice" / "voices", data / "piper-voices", data / "piper" / "voices"]


def voices(folders: Sequence[Path] | None = None) -> list[Voice]:
    """The voices that are installed: ``.onnx`` files with their ``.onnx.json`` beside them."""
    places = voice_folders() if folders is None else folders
    files = [file for place in places for file in sorted(place.glob("**/*.onnx"))]
    return [_described(file) for file in files if Path(f"{file}.json").is_file()]


def _described(file: Path) -> Voice:
    """Its language is in its description, and at the beginning of its name: ``de_DE-thorsten-medium``."""
    try:
        told = json.loads(Path(f"{file}.json").read_text(encoding="utf-8"))
        code = str(told.get("language", {}).get("code", ""))
    except (OSError, ValueError, AttributeError):
        code = ""
    found = re.match(r"[a-z]{2,3}_[A-Z]{2}(?=-)", file.stem)
    code = code or (found[0] if found else "")
    return Voice(str(file), file.stem, (code,) if code else ())
