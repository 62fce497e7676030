"""Fetching a checkpoint, on the person's wish only: resumed where it broke off, checked, and whole or not there."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from oi_voice.errors import TranscriberError
from oi_voice.runtime import in_thread, post
from oi_voice.voice.stt.checkpoints import cache

if TYPE_CHECKING:
    import httpx

PIECE = 1 << 20  # bytes between two words of progress
TRIES = 5  # in a row without a single byte more
PATIENCE = 30.0  # seconds for a connection, and for each next piece
RESERVE = 200 << 20  # bytes that a disk keeps free

Told = Callable[[int, int], None]
"""Hears how many bytes there are, and of how many (0: unknown)."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file to fetch: where it is, its SHA-256 in hexadecimal, where it goes."""

    url: str
    sha256: str
    target: Path


class _Cancelled(Exception):
    """The person has changed their mind."""


def official(name: str) -> Source:
    """openai-whisper's checkpoint of that name; its table has sums in its addresses. Imports torch: on a thread.

    Raises TranscriberError.
    """
    try:
        import whisper
    except (ImportError, OSError) as missing:
        raise TranscriberError(
            "openai-whisper is not installed, or broken.", fix="Install it: pip install openai-whisper"
        ) from missing
    url = whisper._MODELS.get(name)  # no public way to it
    if url is None:
        names = ", ".join(whisper.available_models())
        raise TranscriberError(f"There is no Whisper checkpoint called {name!r}.", fix=f"Say one of: {names}.")
    *_, sha256, file = url.split("/")
    return Source(url, sha256, cache() / file)


async def download(source: Source, told: Told = lambda have, size: None) -> Path:
    """Fetch a file unless it is there already; ``told`` is called on the loop, about once a megabyte.

    What there is of it when this is cancelled or fails is kept, to go on from. Raises TranscriberError.
    """
    loop, cancelled, last = asyncio.get_running_loop(), False, -PIECE

    def tell(have: int, size: int) -> None:
        nonlocal last
        if cancelled:
            raise _Cancelled
        if have - last >= PIECE or have == size or have < last:
            last = have
            post(loop, hear, have, size)

    def hear(have: int, size: int) -> None:
        if not cancelled:
            told(have, size)

    try:
        return await in_thread(fetch, source, tell, name="download")
    except BaseException:
        cancelled = True
        raise


def fetch(source: Source, told: Told) -> Path:
    """``download``, blocking; stops at whatever ``told`` raises, which hears of each piece. Raises TranscriberError."""
    import httpx

    target, part = source.target, source.target.with_name(source.target.name + ".part")
    if target.is_file() and _sum(target) == source.sha256:
        told(target.stat().st_size, target.stat().st_size)
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(target.parent, error) from error
    left = TRIES
    resumed = part.is_file() and part.stat().st_size > 0
    with httpx.Client(follow_redirects=True, timeout=PATIENCE) as client:
        while True:
            before = part.stat().st_size if part.is_file() else 0
            try:
                _go_on(client, source.url, part, told)
            except (httpx.RequestError, ConnectionError) as broken:
                more = part.is_file() and part.stat().st_size > before
                left = TRIES if more else left - 1
                if not left:
                    raise _unreachable(source.url) from broken
                continue
            except OSError as full:
                raise _unwritable(part, full) from full
            if _sum(part) == source.sha256:
                part.replace(target)
                return target
            part.unlink()
            if not resumed:  # else what was there before may be what is wrong
                raise TranscriberError(
                    f"What came from {_host(source.url)} is not the file it should be.",
                    fix="Try again later, or on another network.",
                    code="recogniser.download",
                )
            resumed = False


def _go_on(client: httpx.Client, url: str, part: Path, told: Told) -> None:
    """Append what is missing; from the beginning where the server knows no other way."""
    import httpx

    have = part.stat().st_size if part.is_file() else 0
    with client.stream("GET", url, headers={"Range": f"bytes={have}-"} if have else {}) as response:
        if response.status_code == 416:  # there is no more than we have
            return
        if response.status_code not in (200, 206):
            raise _refused(url, response.status_code)
        if response.status_code == 200 or not response.headers.get("content-range", "").startswith(f"bytes {have}-"):
            have = 0 if response.status_code == 200 else _out_of_place(url)
        length = int(response.headers.get("content-length") or 0)
        size = have + length if length else 0
        _room(part.parent, length)
        told(have, size)
        with part.open("ab" if have else "wb") as file:
            for piece in response.iter_raw():
                have += len(piece)
                told(have, size)  # first, and nothing stays in a buffer: once cancelled, another may write there
                file.write(piece)
                file.flush()
    if size and have < size:
        raise httpx.ReadError("it ended too early")


def _out_of_place(url: str) -> int:
    raise TranscriberError(
        f"{_host(url)} sent another part of the file than was asked for.",
        fix="Try again later.",
        code="recogniser.download",
    )


def _room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed + RESERVE:
        raise TranscriberError(
            f"The disk of {folder} has {free >> 20} MB left, and the download needs {(needed + RESERVE) >> 20}.",
            fix="Make room, or choose a smaller model.",
            code="recogniser.disk",
        )


def _host(url: str) -> str:
    """All that a person needs to know of an address."""
    return urlsplit(url).netloc


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unwritable(path: Path, error: OSError) -> TranscriberError:
    return TranscriberError(
        f"{path} can't be written ({error.strerror}).", fix="Make room there.", code="recogniser.disk"
    )


def _unreachable(url: str) -> TranscriberError:
    return TranscriberError(
        f"{_host(url)} cannot be reached, or breaks off.",
        fix="Check the network; what has come so far is kept, and the next try goes on from there.",
        code="recogniser.download",
    )


def _refused(url: str, status: int) -> TranscriberError:
    return TranscriberError(
        f"{_host(url)} answers with an error ({status}).", fix="Try again later.", code="recogniser.download"
    )
