"""Runs of the languages that have a lasting process, for their tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager

import pytest

from oi_voice.errors import LanguageError
from oi_voice.languages.dialects import DIALECTS
from oi_voice.languages.family import Family
from oi_voice.languages.host import Host, nobody
from oi_voice.languages.session import Session
from oi_voice.messages import Chunk, Kind
from oi_voice.ports import Ask, Language


def needs(name: str) -> pytest.MarkDecorator:
    """Skips a test where this language is not installed."""
    [dialect] = [dialect for dialect in DIALECTS if dialect.name == name]
    return pytest.mark.skipif(not dialect.program, reason=f"{dialect.title} is not installed")


@asynccontextmanager
async def opened(name: str, ask: Ask = nobody) -> AsyncIterator[Session]:
    [dialect] = [dialect for dialect in DIALECTS if dialect.name == name]
    family = Family()
    session = Session(dialect, Host(family, ask))
    try:
        yield session
    finally:
        await session.close()
        await family.close()


async def chunks(language: Language, code: str) -> list[Chunk]:
    async with aclosing(language.run(code, "run")) as stream:
        return [chunk async for chunk in stream]


def text(found: Sequence[Chunk], form: str = "output") -> str:
    return "".join(chunk.content for chunk in found if chunk.kind is Kind.CONSOLE and chunk.format == form)


async def said(language: Language, code: str) -> str:
    """What the code printed."""
    return text(await chunks(language, code))


async def stopped(language: Language, code: str) -> tuple[bool, str]:
    """Stops the code once it has printed something: whether the state was kept, and all that was printed."""
    kept, found = False, ""
    async with aclosing(language.run(code, "run")) as stream:
        async for chunk in stream:
            if chunk.format == "output" and not found:
                kept = await language.stop()
            found += chunk.content
    return kept, found


async def not_installed(name: str, patch: pytest.MonkeyPatch) -> LanguageError:
    """What a run says where there are no programs."""
    patch.setenv("PATH", "")
    async with opened(name) as session:
        assert not session.available
        with pytest.raises(LanguageError) as caught:
            await chunks(session, "1")
    return caught.value
