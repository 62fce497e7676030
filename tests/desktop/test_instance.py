"""One instance a session."""

from __future__ import annotations

import asyncio
import json
import signal
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from oi_voice.desktop.instance import Instance, Serves, ask, socket_path
from oi_voice.errors import DesktopError
from oi_voice.testing import Harness, harness


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return socket_path({"XDG_RUNTIME_DIR": str(tmp_path)})


@pytest.fixture
async def first(path: Path) -> AsyncIterator[tuple[Harness, list[str]]]:
    h, did = harness(["Hello."]), list[str]()
    instance = Instance.claim(path)
    assert instance is not None
    await instance.serve(Serves(h.engine, lambda: did.append("show"), lambda: did.append("quit")))
    yield h, did
    instance.close()
    instance.close()
    await h.engine.close()


async def test_a_second_start_brings_up_the_first(first: tuple[Harness, list[str]], path: Path) -> None:
    assert Instance.claim(path) is None
    assert await asyncio.to_thread(ask, path, {"do": "show"}) == {"ok": True}
    assert await asyncio.to_thread(ask, path, {"do": "quit"}) == {"ok": True}
    assert first[1] == ["show", "quit"]


async def test_only_the_owner_may_connect(first: tuple[Harness, list[str]], path: Path) -> None:
    modes = await asyncio.to_thread(lambda: [stat.S_IMODE(file.stat().st_mode) for file in (path, path.parent)])
    assert modes == [0o600, 0o700]


async def test_events_are_streamed_to_each_listener(first: tuple[Harness, list[str]], path: Path) -> None:
    async def begin() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_unix_connection(str(path))
        writer.write(b'{"do": "events"}\n')
        assert await reader.readline() == b'{"ok": true}\n'
        return reader, writer

    async def listen(reader: asyncio.StreamReader) -> list[str]:
        names = [""]
        while names[-1] != "TurnEnded":
            names.append(json.loads(await reader.readline())["event"])
        return names

    links = [await begin(), await begin()]
    first[0].engine.start_turn("hello")
    one, two = await asyncio.wait_for(asyncio.gather(*(listen(reader) for reader, _ in links)), 10)
    assert one == two
    assert "Streamed" in one
    for _, writer in links:
        writer.close()


@pytest.mark.parametrize("request_", [b"show\n", b"[]\n", b'{"to": 1}\n', b"x" * 100_000 + b"\n"])
async def test_nonsense_is_answered_and_harms_nobody(
    first: tuple[Harness, list[str]], path: Path, request_: bytes
) -> None:
    reader, writer = await asyncio.open_unix_connection(str(path))
    writer.write(request_)
    assert b'"ok": false' in await asyncio.wait_for(reader.readline(), 10)
    writer.close()
    assert (await asyncio.to_thread(ask, path, {"do": "dance"}))["ok"] is False
    assert await asyncio.to_thread(ask, path, {"do": "show"}) == {"ok": True}


CRASHING = """
import asyncio, os, sys
from pathlib import Path
from oi_voice.desktop.instance import Instance

async def main():
    path = Path(sys.argv[1])
    await Instance.claim(path).serve(None)
    print(Instance.claim(path), flush=True)
    os.kill(os.getpid(), 9)

asyncio.run(main())
"""


async def test_a_crash_leaves_nothing_in_the_way(path: Path) -> None:
    command = [sys.executable, "-c", CRASHING, str(path)]
    done = await asyncio.to_thread(subprocess.run, command, stdout=subprocess.PIPE, timeout=30)
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, b"None\n")
    with pytest.raises(DesktopError, match="does not answer"):
        ask(path, {"do": "show"})
    instance = Instance.claim(path)
    assert instance is not None
    await instance.serve(Serves(harness().engine, lambda: None, lambda: None))
    assert await asyncio.to_thread(ask, path, {"do": "show"}) == {"ok": True}
    instance.close()


def test_a_folder_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "oi_voice").write_text("in the way")
    with pytest.raises(DesktopError, match="XDG_RUNTIME_DIR"):
        Instance.claim(tmp_path / "oi_voice" / "socket")


def test_the_lock_is_given_back(path: Path) -> None:
    for _ in range(2):
        instance = Instance.claim(path)
        assert instance is not None
        instance.close()
