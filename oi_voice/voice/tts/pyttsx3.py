"""Speech by pyttsx3 in a warm child process: it renders, somebody else plays.

Measured with espeak-ng on a busy 2-core machine: the child is ready after 80-90 ms, a sentence takes 10-15 ms.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from oi_voice.errors import SynthesizerError
from oi_voice.ports import Pcm
from oi_voice.runtime import Worker

PATIENCE = 10.0  # seconds until a child that does not answer is ended
T = TypeVar("T")
CHILD = Path(__file__).with_name("child.py")


class Pyttsx3Synthesizer:
    """The port's Synthesizer over the platform's own voices (espeak-ng on Linux; others are not tested).

    ``rate`` is in words a minute, ``volume`` 0 to 1, ``voice`` a name such as ``en-us``; empty is the engine's
    default, and so, with an error from ``start``, is an unknown one. A child that dies is started again, once a
    sentence.
    """

    def __init__(self, rate: int = 175, voice: str = "", volume: float = 1.0) -> None:
        self._settings = (str(rate), str(volume), voice)
        self._worker: Worker | None = None
        self._child: _Child | None = None
        self._closed = threading.Event()

    async def start(self) -> None:
        await self._on_worker(self._ensure)
        if self._child and self._child.complaint:
            raise SynthesizerError(
                f"The speech engine has no voice called {self._settings[2]!r}.",
                fix="Its default voice speaks instead. List the voices with: espeak-ng --voices",
            )

    def tune(self, rate: int, voice: str) -> None:
        """Speak at another rate or in another voice from the next sentence on."""
        self._settings = (str(rate), self._settings[1], voice)

    async def render(self, text: str) -> Pcm:
        if not text.strip():
            return Pcm(b"", 22_050)
        return await self._on_worker(self._render, text)

    def close(self) -> None:
        self._closed.set()
        self._end_child()
        if self._worker:
            self._worker.close()
            self._worker = None

    async def _on_worker(self, what: Callable[..., T], *args: Any) -> T:
        if self._closed.is_set():
            raise SynthesizerError("The speech engine was closed.")
        if self._worker is None:
            self._worker = Worker("speech")
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._worker.run(what, *args)
        except TimeoutError:
            self._end_child()
            raise SynthesizerError("The speech engine did not answer.", fix="Try again, or choose another.") from None

    def _render(self, text: str) -> Pcm:
        try:
            return self._ensure().render(text)
        except EOFError:
            self._end_child()
        except (OSError, ValueError, wave.Error) as error:  # no room for the file, say
            self._end_child()
            raise SynthesizerError(f"The speech engine failed on a sentence ({error}).") from error
        try:
            return self._ensure().render(text)
        except EOFError:
            self._end_child()
            raise SynthesizerError(
                "The speech engine crashed, twice.", fix="Try another voice, or install it again."
            ) from None

    def _ensure(self) -> _Child:
        if self._closed.is_set():
            raise SynthesizerError("The speech engine was closed.")
        if self._child and self._child.settings != self._settings:
            self._end_child()
        if self._child is None:
            child = self._child = _Child(self._settings)
            if self._closed.is_set():  # meanwhile, on the loop
                child.end()
        return self._child

    def _end_child(self) -> None:
        child, self._child = self._child, None
        if child:
            child.end()


class _Child:
    """The process and its folder. Blocking; EOFError when it died."""

    def __init__(self, settings: tuple[str, str, str]) -> None:
        self.settings = settings
        self._folder = Path(tempfile.mkdtemp(prefix="oi-voice-speech-"))
        self._process = subprocess.Popen(
            [sys.executable, "-P", str(CHILD), *settings],  # -P: beside the child lies a module named pyttsx3
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._count = 0
        try:
            ready = self._answer()
        except EOFError:
            ready = {"missing": True}
        if "missing" in ready:
            self.end()
            raise SynthesizerError("No speech engine was found.", fix="Install espeak-ng: sudo apt install espeak-ng")
        self.complaint: str = ready.get("error", "")

    def render(self, text: str) -> Pcm:
        self._count += 1
        path = self._folder / f"{self._count}.wav"
        self._ask(text=text, path=str(path))
        answer = self._answer()
        if "error" in answer:
            raise SynthesizerError(f"The speech engine failed on a sentence ({answer['error']}).")
        with path.open("rb") as file, wave.open(file) as sound:
            if (sound.getnchannels(), sound.getsampwidth()) != (1, 2):
                raise SynthesizerError("The speech engine gave sound that is not 16-bit mono.", fix="Choose another.")
            pcm = Pcm(sound.readframes(sound.getnframes()), sound.getframerate())
        path.unlink()
        return pcm

    def end(self) -> None:
        """Whatever it is doing. Takes milliseconds; may be called from another thread, and twice."""
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(BrokenPipeError):
                pipe.close()  # type: ignore[union-attr]  # both are pipes
        shutil.rmtree(self._folder, ignore_errors=True)

    def _ask(self, **request: str) -> None:
        assert self._process.stdin
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        except (BrokenPipeError, ValueError) as gone:  # ValueError: closed on our side
            raise EOFError from gone

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout
        try:
            line = self._process.stdout.readline()
        except ValueError as gone:
            raise EOFError from gone
        if not line.endswith(b"\n"):
            raise EOFError
        answer: dict[str, Any] = json.loads(line)
        return answer
