"""Who waits for a key: the processes in a terminal's foreground, looked at from outside by way of Linux's /proc.

Elsewhere, and where a process is another user's (sudo), nothing can be seen: what is on the screen must tell.
"""

from __future__ import annotations

import contextlib
import os
import platform
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
# The numbers of the system calls in which a program waits, by machine (asm/unistd.h of Linux).
_READ, _POLL, _SELECT, _EPOLL = {
    "x86_64": ({0, 19}, {7, 271}, {23, 270}, {232, 281, 441}),
    "aarch64": ({63, 65}, {73}, {72}, {22, 441}),
}.get(platform.machine(), (set[int](), set[int](), set[int](), set[int]()))
_FOREVER = {0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF}  # -1, as an int and as a long
_POLLIN = 1


@dataclass(frozen=True, slots=True)
class Member:
    """A process of the foreground group. ``waits`` for the terminal and nothing else, or it ``may``: it watches other
    things as well, or for a limited time, or nobody can tell."""

    pid: int
    name: str
    waits: bool
    may: bool


def members(group: int, terminal: str) -> list[Member]:
    """The processes of a group, which may be waiting for the terminal of that name. Blocks for some milliseconds.

    Where there is no /proc, the group's first stands for all.
    """
    if not PROC.is_dir():
        return [Member(group, "", False, True)]
    found = []
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                name, _, rest = (entry / "stat").read_text(errors="replace").partition(" (")[2].rpartition(") ")
                if int(rest.split()[2]) == group:
                    found.append(Member(int(entry.name), name, *_waiting(entry, terminal)))
    return found


def _waiting(process: Path, terminal: str) -> tuple[bool, bool]:
    """Whether any of its threads waits for the terminal, and whether any may."""
    may = False
    try:
        for thread in (process / "task").iterdir():
            reads, alone = _watched(process, [int(word, 0) for word in _call(thread)])
            if any(_is(process, handle, terminal) for handle in reads):
                may = True
                if alone and all(_is(process, handle, terminal) for handle in reads):
                    return True, True
    except PermissionError:
        return False, True
    return False, may


def _call(thread: Path) -> list[str]:
    """The number and arguments of the system call that a thread is in; none when it is in none."""
    words = (thread / "syscall").read_text().split()
    return words[:7] if len(words) == 9 else []


def _watched(process: Path, call: list[int]) -> tuple[list[int], bool]:
    """The descriptors whose input a call waits for, and whether it waits for as long as it takes."""
    if not call:
        return [], False
    number, first, second, third, fourth, fifth, _ = call
    if number in _READ:
        return [first], True
    if number in _POLL:
        return _polled(process, first, second), third in _FOREVER or (number in {271, 73} and third == 0)
    if number in _SELECT:
        return _selected(process, first, second), fifth == 0
    if number in _EPOLL:
        return list(_epolled(process, first)), fourth in _FOREVER or (number == 441 and fourth == 0)
    return [], False


def _polled(process: Path, address: int, count: int) -> list[int]:
    data = _memory(process, address, 8 * min(count, 1024))
    return [handle for handle, events, _ in struct.iter_unpack("ihh", data) if events & _POLLIN]


def _selected(process: Path, count: int, address: int) -> list[int]:
    size = (min(count, 1024) + 63) // 64 * 8
    bits = int.from_bytes(_memory(process, address, size) if address else b"", "little")
    return [handle for handle in range(count) if bits >> handle & 1]


def _epolled(process: Path, handle: int) -> Iterator[int]:
    for line in (process / "fdinfo" / str(handle)).read_text().splitlines():
        words = line.split()
        if words[:1] == ["tfd:"] and int(words[3], 16) & _POLLIN:
            yield int(words[1])


def _memory(process: Path, address: int, size: int) -> bytes:
    with (process / "mem").open("rb", buffering=0) as memory:
        memory.seek(address)
        return memory.read(size)


def _is(process: Path, handle: int, terminal: str) -> bool:
    with contextlib.suppress(OSError):
        return os.readlink(process / "fd" / str(handle)) in (terminal, "/dev/tty")  # noqa: PTH115 - as text
    return False
