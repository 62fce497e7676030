"""Downloads of checkpoints from a loopback server that drops connections, knows no ranges, or serves garbage."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path
from types import SimpleNamespace

import pytest

from oi_voice.errors import TranscriberError
from oi_voice.testing.server import ModelServer, Wire, refusing
from oi_voice.voice.stt.download import Source, download, official

DATA = bytes(range(256)) * 12_000  # 3 MB


class Store:
    """Serves ``data``; each connection ends after as many bytes of it as ``cuts`` says in turn."""

    def __init__(self, data: bytes = DATA, *, cuts: tuple[int, ...] = (), ranges: bool = True) -> None:
        self.data = data
        self.cuts = list(cuts)
        self.ranges = ranges

    async def __call__(self, wire: Wire) -> None:
        start = 0
        asked = wire.request.headers.get("range", "")
        if asked and self.ranges:
            start = int(asked.removeprefix("bytes=").removesuffix("-"))
            if start >= len(self.data):
                await wire.head(416, length=0)
                return
        rest = self.data[start:]
        headers = {"Content-Range": f"bytes {start}-{len(self.data) - 1}/{len(self.data)}"} if start else {}
        await wire.head(206 if start else 200, "application/octet-stream", length=len(rest), headers=headers)
        await wire.send(rest[: self.cuts.pop(0)] if self.cuts else rest)


def source(server: ModelServer, folder: Path) -> Source:
    return Source(f"{server.url}/tiny.pt", hashlib.sha256(DATA).hexdigest(), folder / "models" / "tiny.pt")


async def test_a_file_comes_whole_with_progress_and_only_once(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    async with ModelServer(Store()) as server:
        wanted = source(server, tmp_path)
        assert await download(wanted, lambda have, size: told.append((have, size))) == wanted.target
        assert wanted.target.read_bytes() == DATA
        await download(wanted)
        assert len(server.requests) == 1
    assert told[0] == (0, len(DATA))
    assert told[-1] == (len(DATA), len(DATA))
    assert told == sorted(told)
    assert [path.name for path in wanted.target.parent.iterdir()] == ["tiny.pt"]


async def test_a_dropped_connection_is_resumed_where_it_broke(tmp_path: Path) -> None:
    async with ModelServer(Store(cuts=(2_000_000, 0, 500_000))) as server:
        wanted = source(server, tmp_path)
        await download(wanted)
        assert wanted.target.read_bytes() == DATA
        starts = [request.headers.get("range", "bytes=0-") for request in server.requests]
        assert starts[0] == "bytes=0-"
        assert starts[1] != "bytes=0-"
        assert len(starts) == 4


async def test_what_came_before_is_kept_for_the_next_try(tmp_path: Path) -> None:
    async with ModelServer(Store(cuts=(2_000_000, *[0] * 10))) as server:
        wanted = source(server, tmp_path)
        with pytest.raises(TranscriberError, match="breaks off"):
            await download(wanted)
        part = wanted.target.with_name("tiny.pt.part")
        assert 0 < part.stat().st_size <= 2_000_000
        assert not wanted.target.exists()
        server.script = Store()
        await download(wanted)
        assert server.requests[-1].headers["range"] == f"bytes={2_000_000}-"
        assert wanted.target.read_bytes() == DATA


async def test_a_server_without_ranges_is_asked_for_all_again(tmp_path: Path) -> None:
    async with ModelServer(Store(cuts=(2_000_000,), ranges=False)) as server:
        wanted = source(server, tmp_path)
        await download(wanted)
        assert wanted.target.read_bytes() == DATA


@pytest.mark.parametrize("before", [b"", b"something else", DATA, DATA + b"more"])
async def test_what_lay_there_before_does_no_harm(tmp_path: Path, before: bytes) -> None:
    async with ModelServer(Store()) as server:
        wanted = source(server, tmp_path)
        wanted.target.parent.mkdir()
        wanted.target.with_name("tiny.pt.part").write_bytes(before)
        wanted.target.write_bytes(b"half a file")
        await download(wanted)
        assert wanted.target.read_bytes() == DATA


async def test_garbage_is_refused_and_nothing_is_left_of_it(tmp_path: Path) -> None:
    async with ModelServer(Store(b"x" * 100_000)) as server:
        wanted = source(server, tmp_path)
        with pytest.raises(TranscriberError, match="not the file it should be"):
            await download(wanted)
        assert list(wanted.target.parent.iterdir()) == []
        server.script = refusing(403)
        with pytest.raises(TranscriberError, match="403"):
            await download(wanted)
    with pytest.raises(TranscriberError, match="cannot be reached"):
        await download(wanted)


async def test_a_full_disk_is_told_before_anything_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda folder: SimpleNamespace(free=1 << 20))
    async with ModelServer(Store()) as server:
        with pytest.raises(TranscriberError, match="has 1 MB left"):
            await download(source(server, tmp_path))


async def test_a_folder_that_can_not_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("no folder")
    async with ModelServer(Store()) as server:
        with pytest.raises(TranscriberError, match="models can't be written"):
            await download(source(server, tmp_path))
        assert server.requests == []


async def test_a_server_that_sends_round_in_circles_is_told(tmp_path: Path) -> None:
    async def round_and_round(wire: Wire) -> None:
        await wire.head(302, length=0, headers={"Location": wire.request.path})

    async with ModelServer(round_and_round) as server:
        with pytest.raises(TranscriberError, match="cannot be reached"):
            await download(source(server, tmp_path))


async def test_a_cancelled_download_stops_and_can_go_on(tmp_path: Path) -> None:
    begun = asyncio.Event()

    async def slow(wire: Wire) -> None:
        await wire.head(200, "application/octet-stream", length=len(DATA))
        await wire.send(DATA[: 2 << 20])
        await asyncio.Event().wait()

    async with ModelServer(slow) as server:
        wanted = source(server, tmp_path)
        work = asyncio.create_task(download(wanted, lambda have, size: begun.set() if have else None))
        await begun.wait()
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
        assert not wanted.target.exists()


def test_official_names_have_addresses_and_sums(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    wanted = official("turbo")
    assert wanted.url.startswith("https://")
    assert len(bytes.fromhex(wanted.sha256)) == 32
    assert wanted.target == tmp_path / "whisper" / "large-v3-turbo.pt"
    with pytest.raises(TranscriberError, match="no Whisper checkpoint called 'huge'"):
        official("huge")
