"""``%%``: commands of the person's own, in their own terminal."""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from pathlib import Path
from typing import Any

from oi_voice.runtime import in_thread, spawn

CANT_RUN = "That can't be run"


class Shell:
    """Runs one command at a time; each begins in the folder that the last ``cd`` led to.

    At a terminal the command has it to itself, as ``lend`` sees to, and Ctrl-C reaches the command without us.
    """

    def __init__(self, lend: Callable[[], AbstractAsyncContextManager[None]], at_terminal: bool) -> None:
        self._lend = lend
        self._at_terminal = at_terminal
        self._folder: Path | None = None
        self.has_terminal = False

    async def run(self, command: str) -> str:
        """Run it, its output passed through; returns what there is to say of its end. Cancelling kills it."""
        if (words := self._changed_folder(command)) is not None:
            return words
        if not self._at_terminal:  # what else is on standard input is not for the command
            return await self._wait(command, stdin=subprocess.DEVNULL, start_new_session=True)
        async with self._lend():
            self.has_terminal = True
            try:
                return await self._wait(command)
            finally:
                self.has_terminal = False

    async def _wait(self, command: str, **options: Any) -> str:
        try:
            process = _started(command, self._folder, **options)
        except (OSError, ValueError) as error:
            return f"{CANT_RUN} ({getattr(error, 'strerror', None) or error})."
        ended = spawn(in_thread(process.wait, name="command"), "command")
        try:
            return _told(await asyncio.shield(ended))
        finally:
            if not ended.done():
                _kill(process, whole_session=not self._at_terminal)

    def _changed_folder(self, command: str) -> str | None:
        """A ``cd`` on its own would be forgotten with its process, so it is ours to do; None for anything else."""
        try:
            words = shlex.split(command)
        except ValueError:
            return None
        if words[:1] != ["cd"] or len(words) > 2:
            return None
        try:
            wanted = Path(os.path.expandvars((words[1:] or ["~"])[0])).expanduser()
            folder = ((self._folder or Path.cwd()) / wanted).resolve()
        except (OSError, RuntimeError, ValueError) as error:
            return f"{CANT_RUN} ({error})."
        if not folder.is_dir():
            return f"There is no folder {folder}."
        self._folder = folder
        return f"%% commands now begin in {folder}."


def _started(command: str, folder: Path | None, **options: Any) -> subprocess.Popen[bytes]:
    """At once: asyncio's own start, cancelled in its middle, ends the shell alone, and not what that has started."""
    if sys.platform == "win32":
        return subprocess.Popen(command, shell=True, cwd=folder, **options)
    return subprocess.Popen([os.environ.get("SHELL") or "/bin/sh", "-c", command], cwd=folder, **options)


def _kill(process: subprocess.Popen[bytes], whole_session: bool) -> None:
    with suppress(ProcessLookupError):
        if whole_session and sys.platform != "win32":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def _told(code: int) -> str:
    if code == 0:
        return ""
    if code in (-signal.SIGINT, 128 + signal.SIGINT):
        return "(stopped)"
    return f"(ended with {code})" if code > 0 else f"(ended by signal {-code})"
