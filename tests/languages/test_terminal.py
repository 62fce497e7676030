"""Terminals with real processes on them, what is read from them as text, and who waits for them."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from oi_voice.languages import terminal as module
from oi_voice.languages.foreground import members
from oi_voice.languages.marked import Marked
from oi_voice.languages.terminal import Terminal

MARK, OTHER = "0123456789abcdef" * 2, "f" * 32


class Screen:
    """What a terminal shows."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.seen = b""
        self._news = asyncio.Event()
        self.terminal: Terminal

    def start(self, *command: str) -> Terminal:
        self.terminal = Terminal(command, {"FAMILY": "ours"}, self._folder, self._heard)
        return self.terminal

    def _heard(self, data: bytes) -> None:
        self.seen += data
        self._news.set()

    async def shows(self, what: bytes) -> None:
        while what not in self.seen:
            self._news.clear()
            await self._news.wait()


@pytest_asyncio.fixture
async def screen() -> AsyncIterator[Screen]:
    with tempfile.TemporaryDirectory() as folder:
        screen = Screen(Path(folder))
        yield screen
        await screen.terminal.close()
        assert os.listdir(folder) == []  # noqa: PTH208


async def test_a_process_leads_the_terminal_and_reads_its_requests(screen: Screen) -> None:
    code = 'tty; stty size; stty -a | grep -o -- "-opost"; echo $TERM/$PAGER/$FAMILY/$COLUMNS; '
    terminal = screen.start("sh", "-c", code + "read line <$OI_VOICE_REQUESTS; echo $line; exit 3")
    terminal.request(b"from the request\n")
    await terminal.gone.wait()
    assert screen.seen.decode() == f"{terminal.name}\n40 120\n-opost\ndumb/cat/ours/\nfrom the request\n"
    assert terminal.fate == "exit code 3"


async def test_a_long_request_is_read_whole(screen: Screen) -> None:
    terminal = screen.start("sh", "-c", "head -c 1000000 <$OI_VOICE_REQUESTS | wc -c")
    terminal.request(b"x" * 1_000_000)
    await terminal.gone.wait()
    assert screen.seen.split() == [b"1000000"]


async def test_all_that_was_printed_before_the_end_is_heard(screen: Screen) -> None:
    await screen.start("sh", "-c", "head -c 3000000 /dev/zero; kill -SEGV $$").gone.wait()
    assert len(screen.seen) == 3_000_000
    assert screen.terminal.fate == "signal SIGSEGV"


async def test_what_is_typed_is_read_and_shown(screen: Screen) -> None:
    terminal = screen.start("sh", "-c", "echo go; read line; echo got $line")
    await screen.shows(b"go\n")
    terminal.type(b"words\n")
    await terminal.gone.wait()
    assert screen.seen == b"go\nwords\ngot words\n"


async def test_reset_undoes_modes_and_forgets_what_was_typed(screen: Screen) -> None:
    terminal = screen.start("sh", "-c", "stty raw -echo; echo set; sleep 600")
    await screen.shows(b"set")
    assert terminal.modes == (False, False)
    terminal.reset()
    assert terminal.modes == (True, True)


async def test_an_interrupt_reaches_the_foreground(screen: Screen) -> None:
    terminal = screen.start("sh", "-c", "trap 'echo caught; exit 0' INT; echo on; while :; do :; done")
    await screen.shows(b"on\n")
    terminal.interrupt()
    await terminal.gone.wait()
    assert screen.seen == b"on\ncaught\n"


async def test_the_way_of_systems_without_that_call(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SIGNAL_GROUP", 0)
    await test_an_interrupt_reaches_the_foreground(screen)


async def test_a_closed_terminal_takes_no_harm(screen: Screen) -> None:
    terminal = screen.start("sh", "-c", "sleep 600")
    await terminal.close()
    await terminal.close()
    terminal.interrupt()
    terminal.type(b"nothing\n")
    terminal.reset()
    terminal.request(b"nothing\n")
    assert (terminal.modes, terminal.foreground, terminal.cwd) == ((True, True), 0, "")
    assert (terminal.killed, terminal.fate) == (True, "signal SIGKILL")


async def test_nothing_is_left_open_when_it_cannot_start(tmp_path: Path) -> None:
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    with pytest.raises(OSError, match="No such file"):
        Terminal(["true"], {}, tmp_path, print, "/nowhere")
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208
    assert os.listdir(tmp_path) == []  # noqa: PTH208


# --- text and marks


def fed(data: bytes, size: int, *marks: str) -> tuple[str, list[tuple[str, str]]]:
    """The text and the marks in ``data``, fed ``size`` bytes at a time; what is held back is pushed out at the end."""
    marked = Marked()
    for mark in marks:
        marked.expect(mark)
    parts = [part for at in range(0, len(data), size) for part in marked.feed(data[at : at + size])]
    parts += marked.feed(b"\n")
    return "".join([text for *_, text in parts]), [(mark, word) for mark, word, _ in parts if mark]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 1000])
@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("plain\r\nlines\n", "plain\nlines\n"),
        ("50%\r100%\n", "50%\r100%\n"),
        ("grüße 日本 🎈", "grüße 日本 🎈"),
        ("\x1b[31mred\x1b[0m \x1b[1;32;40mgreen\x1b[m", "red green"),
        ("\x1b]0;a title\x07seen\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "seenlink"),
        ("\x1b(Bset\x1b=\x1b>\x1b7\x1b8\x1bM", "set"),
        ("a \x1e stray edge", "a \x1e stray edge"),
        (f"\x1e{OTHER} ok\x1e", f"\x1e{OTHER} ok\x1e"),
        (f"\x1e{OTHER} ", f"\x1e{OTHER} "),
        (f"\x1e{MARK}", f"\x1e{MARK}"),
    ],
)
def test_text_without_sequences_and_a_mark_behind_it(said: str, text: str, size: int) -> None:
    data = f"{said}\x1e{MARK} 3\x1e".encode()
    assert fed(data, size, MARK) == (f"{text}\n", [(MARK, "3")])


def test_words_struck_twice_are_shown_once() -> None:
    assert fed(b"B\bBo\bol\bld\bd _\bu", 1000)[0] == "Bold u\n"


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_bytes_that_are_no_text_are_written_out(size: int) -> None:
    assert fed(b"\xff\xfe ok \xe4", size)[0] == "\\xff\\xfe ok \\xe4\n"


def test_marks_come_in_order_and_with_the_text_between() -> None:
    marked = Marked()
    marked.expect(OTHER)
    marked.expect(MARK)
    data = f"a\x1e{MARK} picture /x y.png\x1eb\x1e{OTHER} ok\x1e\x1e{MARK} ok\x1ec".encode()
    said = [text or f"<{word}>" for _, word, text in marked.feed(data)]
    assert said == ["a", "<picture /x y.png>", "b", "<ok>", "<ok>", "c"]


def test_a_flood_without_an_end_is_not_held_back() -> None:
    text, _ = fed(b"\x1e" + b"x" * 100_000, 4095, MARK)
    assert len(text) == 100_002


# --- who waits


WAITING = {
    "input()": (True, True),
    "import sys; sys.stdin.readline()": (True, True),
    "import os, tty; tty.setraw(0); os.read(0, 1)": (True, True),
    "import select; select.select([0], [], [])": (True, True),
    "import select; select.select([0], [], [], 600)": (False, True),
    "import select; p = select.poll(); p.register(0, select.POLLIN); p.poll()": (True, True),
    "import select; p = select.poll(); p.register(0, select.POLLIN); p.poll(600000)": (False, True),
    "import select; p = select.epoll(); p.register(0, select.EPOLLIN); p.poll()": (True, True),
    "import os, select; r, w = os.pipe(); select.select([0, r], [], [])": (False, True),
    "import threading; threading.Thread(target=input).start()": (True, True),
    "import time; time.sleep(600)": (False, False),
    "import os; r, w = os.pipe(); os.read(r, 1)": (False, False),
    "import os, select; r, w = os.pipe(); select.select([r], [], [])": (False, False),
    "while True: pass": (False, False),
    "open('/dev/tty').read(1)": (True, True),
}


@pytest.mark.skipif(not Path("/proc/self/syscall").exists(), reason="only Linux tells what a process waits for")
@pytest.mark.parametrize("code", WAITING)
async def test_who_waits_for_the_terminal(screen: Screen, code: str) -> None:
    terminal = screen.start(sys.executable, "-c", f"print('on', flush=True)\n{code}")
    await screen.shows(b"on")

    def look() -> tuple[bool, bool]:
        [one] = members(terminal.foreground, terminal.name)
        assert one.pid == terminal.pid
        assert one.name.startswith("python")
        return one.waits, one.may

    while look() != WAITING[code]:
        pass  # until it has come so far


async def test_a_group_that_is_gone_has_no_members(screen: Screen) -> None:
    terminal = screen.start("sleep", "600")
    group = terminal.pid
    terminal.signal(group, signal.SIGKILL)
    await terminal.gone.wait()
    assert members(group, "") == []
