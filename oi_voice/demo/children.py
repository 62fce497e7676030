"""Child processes that end with us: each in its own process group, tied to our life by the kernel."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from oi_voice.errors import DesktopError

#: Seconds a child is given between SIGTERM and SIGKILL.
GRACE = 2.0


class Children:
    """Starts programs and ends exactly those it started, the last one first."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._running: list[tuple[str, subprocess.Popen[bytes]]] = []

    def start(
        self,
        *command: str,
        env: Mapping[str, str],
        pass_fds: Sequence[int] = (),
        stdin: int = subprocess.DEVNULL,
        stdout: int | None = None,
        cwd: Path | None = None,
        name: str = "",
    ) -> subprocess.Popen[bytes]:
        """Start ``command``; what it prints goes to a log file of its ``name``, unless ``stdout`` is given.

        ``setpriv`` has the kernel end the child when we die, however we die.
        """
        name = name or Path(command[0]).name
        with self.log(name).open("ab") as log:
            process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", "--", *command],
                env=dict(env),
                stdin=stdin,
                stdout=log if stdout is None else stdout,
                stderr=log,
                pass_fds=pass_fds,
                start_new_session=True,
                cwd=cwd,
            )
        self._running.append((name, process))
        return process

    def log(self, name: str) -> Path:
        return self._log / f"{name}.log"

    def check(self) -> None:
        """Raise if one of them has died."""
        for name, process in self._running:
            if process.poll() is not None:
                raise DesktopError(
                    f"{name} ended with status {process.returncode}: {self._last_words(name)}",
                    fix="Run it by hand to see why, or install it again.",
                )

    def end(self, process: subprocess.Popen[bytes], grace: float = GRACE) -> None:
        """End one child and its group."""
        self._running = [one for one in self._running if one[1] is not process]
        _end(process, grace)

    def end_all(self) -> None:
        while self._running:
            _end(self._running.pop()[1], GRACE)

    def _last_words(self, name: str) -> str:
        lines = self.log(name).read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing"


def _end(process: subprocess.Popen[bytes], grace: float) -> None:
    """Ask the group, wait, then insist; the group may outlive its leader, so insist in any case."""
    _signal(process, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(grace)
    _signal(process, signal.SIGKILL)
    process.wait()
    for stream in (process.stdin, process.stdout):
        _close(stream)


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _close(stream: IO[bytes] | None) -> None:
    if stream is not None:
        with contextlib.suppress(BrokenPipeError):
            stream.close()


def missing(packages: Mapping[str, str]) -> None:
    """Raise one error that names every absent program and the packages to install.

    ``packages`` maps a program to its Debian package.
    """
    absent = [program for program in packages if shutil.which(program) is None]
    if absent:
        wanted = " ".join(sorted({packages[program] for program in absent}))
        raise DesktopError(f"Not installed: {', '.join(absent)}.", fix=f"Install with: sudo apt-get install {wanted}")


def deadline(seconds: float) -> float:
    return time.monotonic() + seconds
