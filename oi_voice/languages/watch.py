"""Notices that a program waits for somebody to type, and has it answered or ended.

The system tells nobody that a terminal is being read, so there is nothing to await: once a program has been silent
for a tenth of a second it is looked at, and more and more seldom while its silence lasts.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
from collections.abc import Callable
from dataclasses import dataclass

from oi_voice.languages.foreground import members
from oi_voice.languages.marked import Marked
from oi_voice.languages.terminal import EOF, Terminal
from oi_voice.ports import Answer, Ask
from oi_voice.runtime import in_thread, spawn

SILENCE, SELDOM = 0.1, 1.0  # seconds: the first look, and what passes between two at most
SURE = 0.3  # seconds of silence after what looks like a prompt
HANDS_OFF = 0.5  # seconds that a program has to end after it was told that there is no more input
TRIES = 2  # times that a program is told so
LINE = 500  # characters of a line that may be a prompt
PROMPT = re.compile(r"(?:[:?>$#]|\[[^]=%]*[a-z][^]=%]*\]|\bpass(?:word|phrase|code)\b.{0,40})\s*\Z", re.IGNORECASE)
PAINTERS = frozenset((
    "vi", "vim", "view", "nvim", "ex", "nano", "pico", "emacs", "mg", "joe", "mcedit", "mc", "less", "more", "most",
    "top", "htop", "btop", "atop", "nmon", "watch", "tmux", "screen", "lynx", "w3m", "elinks", "links", "mutt",
    "ranger", "nnn", "ncdu", "tig", "lazygit", "fzf", "k9s", "whiptail", "dialog",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wish:
    """What a program wants: a line, which must not be shown if ``secret``; ``whole`` where it wants all the screen."""

    name: str
    pid: int
    secret: bool = False
    whole: bool = False


class Watch:
    """Watches one run. ``own`` is the language's own name; ``tell`` gets sentences for the model."""

    def __init__(self, terminal: Terminal, marked: Marked, own: str, ask: Ask, tell: Callable[[str], None]) -> None:
        self._terminal, self._marked, self._own, self._ask, self._tell = terminal, marked, own, ask, tell
        self._loop = asyncio.get_running_loop()
        self._spoke = self._loop.time()
        self._line = ""
        self._tries: dict[str, int] = {}

    def heard(self, text: str) -> None:
        """Something was printed."""
        self._spoke = self._loop.time()
        self._line = (self._line + text[-LINE:]).rpartition("\n")[2][-LINE:]

    async def watch(self) -> None:
        """Look, and do what is to be done, until cancelled."""
        pause, spoke, noise = SILENCE, self._spoke, 0
        while True:
            await asyncio.sleep(pause)
            pause = SILENCE if spoke != self._spoke else min(SELDOM, 2 * pause)
            quiet, spoke = spoke == self._spoke, self._spoke
            noise = 0 if quiet or noise * SILENCE > SELDOM else noise + 1  # of others, perhaps: looked at now and then
            if (not noise or self._marked.whole_screen) and (wish := await self._wish()):
                await (self._clear(wish) if wish.whole else self._answer(wish))
                pause = SILENCE

    async def _wish(self) -> Wish | None:
        terminal, line = self._terminal, self._line.rpartition("\r")[2].strip()
        whole_lines, echo = terminal.modes
        group = terminal.foreground
        found = await in_thread(members, group, terminal.name, name="foreground")
        others = [one for one in found if one.pid != terminal.pid]
        painters = [one for one in others if self._marked.whole_screen or one.name.partition(".")[0] in PAINTERS]
        if painters and not whole_lines:
            return Wish(painters[0].name, painters[0].pid, whole=True)
        hidden = whole_lines and not echo
        prompted = bool(PROMPT.search(line)) and self._loop.time() - self._spoke >= SURE
        for one in found:
            if one.waits or (one.may and (prompted or hidden)):
                name = "" if one.pid == terminal.pid else one.name
                return Wish(name or self._own, one.pid, secret=hidden)
        return None

    async def _answer(self, wish: Wish) -> None:
        prompt = self._line.rpartition("\r")[2].strip() or f"{wish.name} waits for input"
        asking = spawn(self._answered(prompt, wish.secret), "input")
        try:
            while not (await asyncio.wait([asking], timeout=SELDOM))[0]:
                if await self._wish() is None:  # it has lost patience
                    return
        finally:
            asking.cancel()
        answer = asking.result()
        if answer.text is None:
            await self._refuse(wish, answer.why)
        else:
            self._terminal.type(answer.text.encode("utf-8", "replace") + b"\n")

    async def _answered(self, prompt: str, secret: bool) -> Answer:
        return await self._ask(prompt, secret)

    async def _refuse(self, wish: Wish, why: str) -> None:
        tried = self._tries[wish.name] = self._tries.get(wish.name, 0) + 1
        if tried == 1:
            self._tell(f"{wish.name} waited for input, but {why}: it was told that there is none.")
        if tried <= TRIES:
            self._terminal.type(EOF)
            await asyncio.sleep(HANDS_OFF)
        else:
            await self._end(wish, f"{wish.name} went on waiting for input, so it was ended.")

    async def _clear(self, wish: Wish) -> None:
        await self._end(wish, f"{wish.name} takes over the whole screen, which does not work here, so it was ended.")
        self._marked.whole_screen = False

    async def _end(self, wish: Wish, why: str) -> None:
        """End the program, or interrupt the language itself."""
        self._tell(why)
        terminal, group = self._terminal, self._terminal.foreground
        if wish.pid == terminal.pid:
            terminal.interrupt()
        for what in (signal.SIGHUP, signal.SIGKILL) if wish.pid != terminal.pid else ():
            if group != terminal.pid:
                terminal.signal(group, what)
            else:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(wish.pid, what)
            await asyncio.sleep(HANDS_OFF)
