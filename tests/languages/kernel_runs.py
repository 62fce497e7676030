"""Running code in a kernel, and watching processes."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from itertools import count

from oi_voice.messages import Chunk
from oi_voice.ports import Language
from oi_voice.runtime import spawn

_ids = count()


def new_id() -> str:
    return f"run-{next(_ids)}"


async def everything(language: Language, code: str, run: str = "") -> list[Chunk]:
    async with aclosing(language.run(code, run or new_id())) as stream:
        return [chunk async for chunk in stream]


async def chunks(language: Language, code: str, run: str = "") -> list[Chunk]:
    """What the code says, without the news of which line runs."""
    return [chunk for chunk in await everything(language, code, run) if chunk.format != "active_line"]


async def text(language: Language, code: str, run: str = "") -> str:
    """What the code prints."""
    return "".join([chunk.content for chunk in await chunks(language, code, run) if chunk.format == "output"])


async def notices(language: Language, code: str) -> str:
    """What is said of the run."""
    return "".join([chunk.content for chunk in await chunks(language, code) if chunk.format == "notice"])


async def begin(language: Language, code: str) -> tuple[asyncio.Task[str], str]:
    """Run code in the background; returns when its first output is there."""
    first: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def consume() -> str:
        said = ""
        async with aclosing(language.run(code, new_id())) as stream:
            async for chunk in stream:
                if chunk.format != "output":
                    continue
                said += chunk.content
                if not first.done():
                    first.set_result(chunk.content)
        return said

    task = spawn(consume(), "test run")
    return task, await first
