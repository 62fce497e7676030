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
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

from oi_voice import folders
from oi_voice.runtime import in_thread

MARK = "OI_VOICE_FAMILY"
ROUNDS = 50  # times that those are looked for which take their time to end, or are born meanwhile
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


class Moment(NamedTuple):
    """When a process began: ``ticks`` of the clock for that, and within a tick its id, as ids are given in order."""

    ticks: float = 0
    pid: int = 0


class Family:
    """Costs nothing until ``environment`` or ``folder`` is asked for. ``close`` it."""

    def __init__(self) -> None:
        self._mark = secrets.token_hex(16)
        self._guardian: subprocess.Popen[bytes] | None = None
        self._folder: Path | None = None
        #: The processes that run code. A stop of what one of them runs leaves the others alone.
        self.interpreters: set[int] = set()

    @property
    def folder(self) -> Path:
        """A folder for files of this run of the program, readable by its owner alone; it goes when we go."""
        if self._folder is None:
            self._folder = folders.private()
            if sys.platform != "win32":
                self._guardian = _guardian(self._mark, self._folder)
        return self._folder

    def environment(self) -> dict[str, str]:
        """What a new member's environment must have. Raises ``OSError`` when nothing can be started any more."""
        _ = self.folder  # which comes with the guardian
        return {MARK: self._mark}

    async def kill(self, since: Moment | None = None) -> int:
        """End all members, or those that began after ``since`` but for the interpreters; returns how many."""
        return await in_thread(self._kill, since, name="family")

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

    def members(self, since: Moment | None = None) -> list[int]:
        """The members' process ids; of those that began after ``since``."""
        wanted = f"{MARK}={self._mark}".encode()
        return [began.pid for began, marks in _processes() if began > (since or Moment()) and wanted in marks]

    def _kill(self, since: Moment | None) -> int:
        ended: set[int] = set()
        for _ in range(ROUNDS):
            found = set(self.members(since)) - (self.interpreters if since else set()) - {os.getpid()}
            if not found:
                break
            for pid in found:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
            ended |= found
        return len(ended)


def _guardian(mark: str, folder: Path) -> subprocess.Popen[bytes]:
    nowhere = subprocess.DEVNULL
    command = ["/bin/sh", "-c", GUARDIAN, "oi-voice-guardian", MARK, mark, str(folder)]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=nowhere, stderr=nowhere, start_new_session=True, cwd="/"
    )


def now() -> Moment:
    """The moment that divides those that have begun from those that will."""
    if sys.platform != "linux":
        return Moment(time.time())
    last = Path("/proc/loadavg").read_text().split()[-1]  # the id given last
    return Moment(time.clock_gettime_ns(time.CLOCK_BOOTTIME) * os.sysconf("SC_CLK_TCK") // 10**9, int(last))


def _processes() -> Iterator[tuple[Moment, list[bytes]]]:
    """Each process that we may look into: when it began, and its environment."""
    if sys.platform != "linux":
        yield from _processes_elsewhere()
        return
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if environment := (entry / "environ").read_bytes():  # a dead one's is empty
                    began = (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()[19]
                    yield Moment(int(began), int(entry.name)), environment.split(b"\0")


def _processes_elsewhere() -> Iterator[tuple[Moment, list[bytes]]]:
    """As above by way of psutil, which ipykernel brings. Not tested on macOS or Windows."""
    import psutil

    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            mark = f"{MARK}={process.environ().get(MARK, '')}".encode()
            yield Moment(process.create_time(), process.pid), [mark]
