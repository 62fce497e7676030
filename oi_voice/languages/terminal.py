"""A process on a pseudo-terminal of its own, with a FIFO beside it that brings it requests. POSIX only."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import secrets
import signal
import struct
import subprocess
import sys
import termios
import tty
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from oi_voice.languages.descendants import fate
from oi_voice.runtime import in_thread, spawn

ROWS, COLUMNS = 40, 120
READ, BURST = 65_536, 16  # bytes asked for at a time (Linux gives 4,095), and times in a row before others have a turn
EOF = b"\x04"  # the key Ctrl-D
REQUESTS = "OI_VOICE_REQUESTS"  # the FIFO's path, in the process's environment
# Who leads a session and opens a terminal is controlled by it. The name stands first, for "$@" is the program.
OPEN = 'exec <>"$0" >&0 2>&1; exec "$@"'
ENVIRONMENT = {
    "TERM": "dumb",
    "NO_COLOR": "1",
    "PAGER": "cat",
    "GIT_PAGER": "cat",
    "MANPAGER": "cat",
    "GIT_TERMINAL_PROMPT": "1",
}
_SIGNAL_GROUP = {"linux": 0x40045436, "darwin": 0x2000745F}.get(sys.platform, 0)  # TIOCSIG, which Python doesn't name
_GONE = OSError, ValueError, termios.error  # what comes of a terminal that nobody has open, or that we have closed


class Terminal:
    """``heard`` is called on the loop with the bytes that are written to the terminal. ``close`` it even when its
    process has died by itself."""

    def __init__(
        self,
        command: Sequence[str],
        env: Mapping[str, str],
        folder: Path,
        heard: Callable[[bytes], None],
        cwd: str | None = None,
    ) -> None:
        """Start ``command``; the FIFO is made in ``folder``. Raises ``OSError`` when that cannot be."""
        self.gone = asyncio.Event()
        self.killed = False
        self._heard = heard
        self._loop = asyncio.get_running_loop()
        self._pending = b""
        self._fifo = folder / f"requests-{secrets.token_hex(8)}"
        self._master = self._slave = self._requests = -1
        try:
            self._open()
            self._process = self._start(command, env, cwd)
        except OSError:
            self._let_go()
            raise
        self._loop.add_reader(self._master, self.read)
        self._watch = spawn(self._outlive(), "terminal watch")

    def _open(self) -> None:
        os.mkfifo(self._fifo, 0o600)
        self._requests = os.open(self._fifo, os.O_RDWR | os.O_NONBLOCK)  # also for reading: so it never breaks
        self._master, self._slave = os.openpty()
        self.name = os.ttyname(self._slave)
        os.set_blocking(self._master, False)
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("4H", ROWS, COLUMNS, 0, 0))
        self._modes = _modes(self._slave)
        self.reset()

    def _start(self, command: Sequence[str], env: Mapping[str, str], cwd: str | None) -> subprocess.Popen[bytes]:
        nowhere = subprocess.DEVNULL
        return subprocess.Popen(
            ["/bin/sh", "-c", OPEN, self.name, *command],
            env=environment(env) | {REQUESTS: str(self._fifo)},
            stdin=nowhere,
            stdout=nowhere,
            stderr=nowhere,
            start_new_session=True,
            cwd=cwd,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process has not ended, heard of or not."""
        try:
            return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
        except ChildProcessError:
            return False

    @property
    def returncode(self) -> int | None:
        """As ``subprocess.Popen`` has it."""
        return self._process.returncode

    @property
    def fate(self) -> str:
        """How the process ended: ``exit code 3``, ``signal SIGSEGV``."""
        return fate(self._process.returncode)

    @property
    def cwd(self) -> str:
        """The directory that the process works in; empty where that cannot be seen (there is no /proc)."""
        with contextlib.suppress(OSError):
            return os.readlink(f"/proc/{self.pid}/cwd")  # noqa: PTH115 - as text
        return ""

    @property
    def foreground(self) -> int:
        """The process group that the terminal's keys go to; 0 when there is none."""
        with contextlib.suppress(OSError):
            return os.tcgetpgrp(self._master)
        return 0

    @property
    def modes(self) -> tuple[bool, bool]:
        """Whether lines are typed as a whole (ICANON), and whether what is typed is shown (ECHO)."""
        with contextlib.suppress(*_GONE):
            flags = termios.tcgetattr(self._slave)[3]
            return bool(flags & termios.ICANON), bool(flags & termios.ECHO)
        return True, True

    def connected(self) -> None:
        """The process has opened the FIFO: from now on nobody else can."""
        self._fifo.unlink(missing_ok=True)

    def request(self, data: bytes) -> None:
        """Have the process read ``data`` from its FIFO."""
        if not self.gone.is_set():
            self._pending += data
            self._send()

    def type(self, keys: bytes) -> None:
        """Press keys. The terminal keeps 4,095 bytes of a line; the rest is lost."""
        with contextlib.suppress(OSError):
            os.write(self._master, keys)

    def reset(self) -> None:
        """Undo what programs have done to the terminal's modes, and forget what was typed and not read."""
        with contextlib.suppress(*_GONE):
            termios.tcsetattr(self._slave, termios.TCSANOW, self._modes)
            termios.tcflush(self._slave, termios.TCIFLUSH)

    def interrupt(self) -> None:
        """SIGINT to the foreground group, also to those of another user (sudo), whom only the terminal can reach."""
        try:
            fcntl.ioctl(self._master, _SIGNAL_GROUP, signal.SIGINT)
        except _GONE:
            self.signal(self.foreground, signal.SIGINT)

    def signal(self, group: int, what: signal.Signals) -> None:
        """Send a signal to a process group, if it is there."""
        if group > 1:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(group, what)

    def kill(self) -> None:
        """End the process and the foreground group, now."""
        self.killed = self.killed or not self.gone.is_set()
        for group in {self.foreground, self.pid} if not self.gone.is_set() else ():
            self.signal(group, signal.SIGKILL)

    async def close(self) -> None:
        """End the process and let go of everything. May be called more than once."""
        self.kill()
        await self.gone.wait()

    def read(self) -> bool:
        """Hear what has been written by now; False when that was all."""
        for _ in range(BURST):
            try:
                data = os.read(self._master, READ)
            except BlockingIOError:
                return False
            except OSError:  # nobody has the terminal open any more
                self._loop.remove_reader(self._master)
                return False
            self._heard(data)
        return True

    def _send(self) -> None:
        try:
            sent = os.write(self._requests, self._pending)
        except BlockingIOError:
            sent = 0
        self._pending = self._pending[sent:]
        if self._pending:
            self._loop.add_writer(self._requests, self._send)
        else:
            self._loop.remove_writer(self._requests)

    async def _outlive(self) -> None:
        await in_thread(self._process.wait, name="terminal watch")
        self._loop.remove_reader(self._master)
        self._drain()

    def _drain(self) -> None:
        if self.read():
            self._loop.call_soon(self._drain)
            return
        self._let_go()
        self.gone.set()

    def _let_go(self) -> None:
        if self._requests >= 0:
            self._loop.remove_writer(self._requests)
        for handle in {self._master, self._slave, self._requests} - {-1}:
            os.close(handle)
        self._master = self._slave = self._requests = -1
        self._fifo.unlink(missing_ok=True)


def environment(more: Mapping[str, str]) -> dict[str, str]:
    """Our environment, made fit for this terminal, and ``more``."""
    ours = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    return ours | ENVIRONMENT | dict(more)


def _modes(handle: int) -> list[Any]:
    """A fresh terminal's modes, but for output, which is to come as it was written, and Ctrl-keys, not shown."""
    modes = termios.tcgetattr(handle)
    modes[tty.OFLAG] &= ~termios.OPOST
    modes[tty.LFLAG] = (modes[tty.LFLAG] | termios.ECHO) & ~termios.ECHOCTL
    return modes
