"""A speech program that is kept running: on a thread of its own, and replaced when it hangs or dies."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import threading
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from oi_voice.errors import SynthesizerError
from oi_voice.ports import Pcm
from oi_voice.runtime import Worker

PATIENCE = 5.0  # seconds until a program that does not answer is ended, and another asked; twice that: an error
T = TypeVar("T")


class Program(Protocol):
    """A running speech program. Blocking; EOFError when it died, or was ended meanwhile."""

    def end(self) -> None:
        """Whatever it is doing. Takes milliseconds; may be called from another thread, and twice."""


P = TypeVar("P", bound=Program)


class Warm(Generic[P]):
    """Keeps one program that ``make`` starts. ``stale`` tells whether what was set has changed since."""

    def __init__(self, make: Callable[[], P], stale: Callable[[P], bool]) -> None:
        self._make = make
        self._stale = stale
        self._worker: Worker | None = None
        self._program: P | None = None
        self._closed = threading.Event()

    async def run(self, what: Callable[[P], T]) -> T:
        """Have ``what`` done with the program, once more if it died or hung on the way. Raises SynthesizerError."""
        if self._closed.is_set():
            raise _closed()
        if self._worker is None:
            self._worker = Worker("speech")
        watch = asyncio.get_running_loop().call_later(PATIENCE, self._replace)
        try:
            async with asyncio.timeout(2 * PATIENCE):
                return await self._worker.run(self._try, what)
        except TimeoutError:
            self._replace()
            raise SynthesizerError("The speech engine did not answer.", fix="Try again, or choose another.") from None
        finally:
            watch.cancel()

    def close(self) -> None:
        self._closed.set()
        self._replace()
        if self._worker:
            self._worker.close()
            self._worker = None

    def _try(self, what: Callable[[P], T]) -> T:
        for _ in range(2):
            try:
                return what(self._ensure())
            except EOFError:
                self._replace()
            except (OSError, ValueError, wave.Error) as error:  # no room for the file, say
                self._replace()
                raise SynthesizerError(f"The speech engine failed on a sentence ({error}).") from error
        if self._closed.is_set():
            raise _closed()
        raise SynthesizerError("The speech engine crashed, twice.", fix="Try another voice, or install it again.")

    def _ensure(self) -> P:
        if self._closed.is_set():
            raise _closed()
        if self._program and self._stale(self._program):
            self._replace()
        program = self._program
        if program is None:
            program = self._program = self._make()
            if self._closed.is_set():  # meanwhile, on the loop
                program.end()
        return program

    def _replace(self) -> None:
        program, self._program = self._program, None
        if program:
            program.end()


def _closed() -> SynthesizerError:
    return SynthesizerError("The speech engine was closed.")


def started(command: list[str], **options: Any) -> subprocess.Popen[bytes]:
    """A program in a session of its own, with pipes for what goes in and comes out."""
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=sys.platform != "win32", **options
    )


def ask(process: subprocess.Popen[bytes], line: str) -> None:
    """Send a line. EOFError when nobody is there to read it."""
    assert process.stdin
    try:
        process.stdin.write(line.encode() + b"\n")
        process.stdin.flush()
    except (BrokenPipeError, ValueError) as gone:  # ValueError: closed on our side
        raise EOFError from gone


def answer(process: subprocess.Popen[bytes]) -> str:
    """The next line that came out. EOFError when none will."""
    assert process.stdout
    try:
        line = process.stdout.readline()
    except ValueError as gone:
        raise EOFError from gone
    if not line.endswith(b"\n"):
        raise EOFError
    return line.decode("utf-8", "replace").rstrip()


def ended(process: subprocess.Popen[bytes]) -> None:
    """End a program and all that it started."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            if sys.platform == "win32":
                process.kill()
            else:
                os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    for pipe in (process.stdin, process.stdout):
        with contextlib.suppress(BrokenPipeError):
            if pipe:
                pipe.close()


def read_wav(path: Path) -> Pcm:
    """A WAV file of 16-bit mono sound; the file is removed."""
    with path.open("rb") as file, wave.open(file) as sound:
        if (sound.getnchannels(), sound.getsampwidth()) != (1, 2):
            raise SynthesizerError("The speech engine gave sound that is not 16-bit mono.", fix="Choose another.")
        pcm = Pcm(sound.readframes(sound.getnframes()), sound.getframerate())
    path.unlink()
    return pcm
