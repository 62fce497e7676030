"""The processes that an engine's languages have started, and a private folder: both end with us, however we end.

Each process carries a mark in its environment, which what it starts inherits, also in a session of its own. A shell
waits on a pipe for our end, be it kill -9, then ends all that carry the mark and removes the folder. A process that
takes the mark out of its environment is lost sight of; on Windows a job object holds them all instead.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from oi_voice.runtime import in_thread

MARK = "OI_VOICE_FAMILY"
ROUNDS = 50  # times that those are looked for which are born while the others are being ended
# Reads the pipe to its end, then ends the marked ones: until there are none, for they may be making more. macOS has no
# /proc, but a ps that shows environments; the mark's two halves are joined in awk, so that it does not find itself.
GUARDIAN = """
trap '' HUP INT TERM
name=$1 mark=$2 folder=$3
marked() {
    if [ -d /proc/self ]; then
        grep -lsF "$name=$mark" /proc/[0-9]*/environ | cut -d / -f 3
    else
        ps -axEww -o pid= -o command= | awk -v name="$name" -v mark="$mark" 'index($0, name "=" mark) { print $1 }'
    fi
}
read -r _
while found=$(marked) && [ -n "$found" ]; do kill -9 $found 2>/dev/null || break; done
rm -rf "$folder"
"""


class Family:
    """Costs nothing until ``environment`` or ``folder`` is asked for. ``close`` it."""

    def __init__(self) -> None:
        self._mark = secrets.token_hex(16)
        self._guardian: subprocess.Popen[bytes] | None = None
        self._folder: Path | None = None
        self._job: object = None

    @property
    def folder(self) -> Path:
        """A folder for files of this run of the program, readable by its owner alone; it goes when we go."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="oi-voice-"))
        return self._folder

    def environment(self) -> dict[str, str]:
        """What a new member's environment must have. Raises ``OSError`` when nothing can be started any more."""
        if self._guardian is None and sys.platform != "win32":
            command = ["/bin/sh", "-c", GUARDIAN, "oi-voice-guardian", MARK, self._mark, str(self.folder)]
            nowhere = subprocess.DEVNULL
            self._guardian = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=nowhere, stderr=nowhere, start_new_session=True, cwd="/"
            )
        return {MARK: self._mark}

    async def kill(self, since: float = 0.0, spare: frozenset[int] = frozenset()) -> int:
        """End all members but ``spare`` that began after ``since`` (as ``now`` tells it); returns how many."""
        return await in_thread(self._kill, since, spare, name="family")

    async def close(self) -> None:
        """End all, and remove the folder. May be called more than once; it begins anew when used again."""
        guardian, self._guardian = self._guardian, None
        folder, self._folder = self._folder, None
        if guardian is not None:
            await self.kill()
            pipe: IO[bytes] | None = guardian.stdin
            if pipe:
                pipe.close()
            await in_thread(guardian.wait, name="family")
        if folder is not None:
            await in_thread(shutil.rmtree, folder, True, name="family")

    def members(self, since: float = 0.0) -> list[int]:
        """The members' process ids."""
        wanted = f"{MARK}={self._mark}".encode()
        return [pid for pid, began, marks in _processes() if began >= since and wanted in marks]

    def _kill(self, since: float, spare: frozenset[int]) -> int:
        ended: set[int] = set()
        for _ in range(ROUNDS):
            found = set(self.members(since)) - spare - {os.getpid()}
            if not found - ended:
                break
            for pid in found:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
            ended |= found
        return len(ended)


def now() -> float:
    """The time on the clock that processes' beginnings are told in, in seconds, a tick early."""
    tick = 1 / os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 0.01
    return (time.clock_gettime(time.CLOCK_BOOTTIME) if sys.platform == "linux" else time.time()) - tick


def _processes() -> Iterator[tuple[int, float, list[bytes]]]:
    """Each process that we may look into: its id, when it began, and its environment."""
    if sys.platform != "linux":
        yield from _processes_elsewhere()
        return
    ticks = os.sysconf("SC_CLK_TCK")
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if environment := (entry / "environ").read_bytes():  # a dead one's is empty
                    began = (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()[19]
                    yield int(entry.name), int(began) / ticks, environment.split(b"\0")


def _processes_elsewhere() -> Iterator[tuple[int, float, list[bytes]]]:
    """As above by way of psutil, which ipykernel brings. Not tested on macOS or Windows."""
    import psutil

    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            environment = process.environ()
            yield process.pid, process.create_time(), [f"{MARK}={environment.get(MARK, '')}".encode()]
