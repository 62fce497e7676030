"""The recogniser in use: fetched on the person's wish, exchanged while the program runs and takes go on."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hearings import SECOND, Behaviour, heard

from oi_voice.errors import TranscriberError
from oi_voice.events import RECOGNISER, Progress
from oi_voice.ports import Hints, Pcm, Transcriber, Transcript
from oi_voice.settings import Settings
from oi_voice.testing.server import ModelServer, Wire, refusing
from oi_voice.voice.stt.api import Endpoint
from oi_voice.voice.stt.checkpoints import cache, to_offer
from oi_voice.voice.stt.choose import Around, choose
from oi_voice.voice.stt.chosen import Chosen, Links
from oi_voice.voice.stt.download import Source
from oi_voice.voice.stt.hosted import Hosted
from oi_voice.voice.stt.replaceable import Replaceable

NANO = (Path(__file__).parent.parent / "assets" / "whisper-nano.pt").read_bytes()


class Shop:
    """Serves the checkpoint, as far as ``upto``; then it waits, or breaks off."""

    def __init__(self) -> None:
        self.upto = len(NANO)

    async def __call__(self, wire: Wire) -> None:
        start = int(wire.request.headers.get("range", "bytes=0-").removeprefix("bytes=").removesuffix("-"))
        headers = {"Content-Range": f"bytes {start}-{len(NANO) - 1}/{len(NANO)}"} if start else {}
        await wire.head(206 if start else 200, "application/octet-stream", length=len(NANO) - start, headers=headers)
        await wire.send(NANO[start : self.upto])
        if self.upto < len(NANO):
            await asyncio.Event().wait()


class Desk:
    """A chosen recogniser, and what the person was told."""

    def __init__(self, settings: Settings, server: ModelServer, make: Callable[[], tuple[Transcriber, str]]) -> None:
        self.told: asyncio.Queue[Any] = asyncio.Queue()
        self.settings = settings

        def find(name: str) -> Source:
            return Source(f"{server.url}/{name}.pt", hashlib.sha256(NANO).hexdigest(), cache() / f"{name}.pt")

        links = Links(
            make,
            lambda: bool(settings.offline),
            self.told.put_nowait,
            lambda level, code, words: self.told.put_nowait((level, code, words)),
            find,
        )
        self.first = Behaviour()
        self.chosen = Chosen(settings, Hosted(self.first.make), "the first", links)
        self.change = lambda **changed: self.chosen.follow(settings.apply(changed))

    async def until(self, wanted: Callable[[Any], bool]) -> Any:
        async with asyncio.timeout(30):
            while not wanted(told := await self.told.get()):
                pass
        return told

    async def over(self) -> Progress:
        return await self.until(lambda told: isinstance(told, Progress) and told.over)  # type: ignore[no-any-return]

    async def notice(self) -> tuple[str, str, str]:
        return await self.until(lambda told: isinstance(told, tuple))  # type: ignore[no-any-return]


@pytest.fixture
async def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Callable[..., Any]]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("HF_HOME", str(tmp_path))

    @asynccontextmanager
    async def open_desk(
        script: Any, make: Callable[[], tuple[Transcriber, str]] | None = None, **settings: Any
    ) -> AsyncIterator[Desk]:
        applied = Settings(**settings)
        around = Around(lambda: ("", {}), Endpoint("http://127.0.0.1:9/v1", local=True))
        async with ModelServer(script) as server:
            desk = Desk(applied, server, make or (lambda: choose(applied.voice.stt, around)))
            yield desk
            desk.chosen.stop()
            desk.chosen.transcriber.close()

    yield open_desk


@pytest.mark.filterwarnings("ignore:unclosed file .*tiktoken:ResourceWarning")
async def test_whisper_is_fetched_on_wish_and_used_from_then_on(desk: Any, say: Callable[[str], Pcm]) -> None:
    async with desk(Shop()) as d:
        chosen = d.chosen
        assert "145 MB" in chosen.offer
        assert chosen.may_fetch
        chosen.fetch()
        chosen.fetch()
        begun = await d.until(lambda told: isinstance(told, Progress))
        assert begun.what == "Downloading Whisper base.en"
        whole = await d.until(lambda told: told.done == len(NANO))
        assert whole.amount == "1 of 1 MB"
        assert (await d.notice())[1:] == (RECOGNISER, "From now on the recogniser is Whisper (base.en).")
        assert (await d.over()).trouble == ""
        assert (chosen.name, chosen.offer, chosen.may_fetch) == ("Whisper (base.en)", "", False)
        heard_as = await heard(chosen.transcriber, say("take a screenshot"), Hints(("en",)))
        assert heard_as.text == "Take a screenshot."


async def test_what_was_cancelled_is_kept_and_goes_on(desk: Any, tmp_path: Path) -> None:
    shop, ready = Shop(), Behaviour()
    shop.upto = 500_000
    async with desk(shop, lambda: (Hosted(ready.make), "another")) as d:
        d.chosen.fetch()
        await d.until(lambda told: told.whole == len(NANO))
        part = tmp_path / "whisper" / "base.en.pt.part"
        d.chosen.stop()
        assert (await d.over()).trouble == ""
        assert d.chosen.may_fetch
        shop.upto = len(NANO)
        d.chosen.fetch()
        assert (await d.over()).trouble == ""
        assert (d.chosen.name, part.exists()) == ("another", False)


async def test_a_download_that_fails_says_why_and_can_be_tried_again(desk: Any) -> None:
    ready = Behaviour()
    async with desk(refusing(503), lambda: (Hosted(ready.make), "another")) as d:
        d.chosen.fetch()
        assert "503" in (await d.over()).trouble
        assert d.chosen.may_fetch
        assert d.chosen.name == "the first"


async def test_one_that_can_not_be_loaded_leaves_the_old_one_in_use(desk: Any) -> None:
    def broken() -> None:
        raise TranscriberError("It is broken.")

    bad = Behaviour(load=broken)
    async with desk(Shop(), lambda: (Hosted(bad.make), "another")) as d:
        d.chosen.fetch()
        assert (await d.over()).trouble == "It is broken."
        assert d.chosen.name == "the first"
        assert bad.closed.wait(5)
        assert (await heard(d.chosen.transcriber, SECOND)).engine == "fake"


async def test_offline_nothing_is_fetched(desk: Any) -> None:
    shop = Shop()
    shop.upto = 1000
    async with desk(shop, offline=True) as d:
        assert "offline is on" in d.chosen.offer
        d.chosen.fetch()
        assert not d.chosen.may_fetch
        assert d.told.empty()
        d.change(offline=False)
        d.chosen.fetch()
        await d.until(lambda told: told.whole == len(NANO))
        d.change(offline=True)
        assert (await d.over()).done < len(NANO)


@pytest.mark.parametrize(("stt", "offered"), [("auto", True), ("grammar", False), ("whisper:base.en", False)])
async def test_only_who_left_the_choice_to_us_is_offered_something(desk: Any, stt: str, offered: bool) -> None:
    async with desk(Shop(), voice={"stt": stt}) as d:
        assert bool(d.chosen.offer) is offered
        assert d.chosen.may_fetch is offered


@pytest.mark.parametrize(
    ("languages", "name"), [((), "base.en"), (("en", "en-GB"), "base.en"), (("de",), "base"), (("en", "fr"), "base")]
)
def test_what_is_offered_knows_the_languages(languages: tuple[str, ...], name: str) -> None:
    assert to_offer(languages) == name


async def test_the_setting_is_followed_and_a_bad_one_refused(desk: Any) -> None:
    async with desk(Shop()) as d:
        d.change(voice={"stt": "telepathy"})
        level, _, words = await d.notice()
        assert level == "error"
        assert "no recogniser 'telepathy'" in words
        assert "still the first" in words
        d.change(voice={"stt": "whisper:huge"})
        assert "no Whisper checkpoint 'huge'" in (await d.notice())[2]
        assert d.chosen.name == "the first"
        d.change(voice={"stt": "api:some-model"})
        assert "some-model" in (await d.notice())[2]
        assert d.chosen.name.startswith("some-model")
        assert d.first.engines == []


async def test_the_last_of_several_changes_is_in_use(desk: Any) -> None:
    loading, go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def load() -> None:
        loop.call_soon_threadsafe(loading.set)
        go_on.wait(10)

    slow, quick = Behaviour(load=load), Behaviour()
    made = iter([(Hosted(slow.make), "slow"), (Hosted(quick.make), "quick")])
    async with desk(Shop(), lambda: next(made)) as d:
        d.change(voice={"stt": "whisper"})
        await asyncio.wait_for(loading.wait(), 5)
        d.change(voice={"stt": "faster-whisper"})
        assert (await d.notice())[2] == "From now on the recogniser is quick."
        go_on.set()
        assert await asyncio.to_thread(slow.closed.wait, 5)
        assert d.chosen.name == "quick"


async def test_a_take_is_finished_by_the_recogniser_it_began_with() -> None:
    old, new = Behaviour(whole=lambda sound: Transcript("old")), Behaviour(whole=lambda sound: Transcript("new"))
    both = Replaceable(Hosted(old.make))
    await both.start()
    began, dropped = both.hear(), both.hear()
    began.feed(SECOND)
    both.replace(Hosted(new.make))
    later = both.hear()
    later.feed(SECOND)
    assert (await later.finish()).text == "new"
    dropped.abort()
    dropped.abort()
    assert not old.closed.is_set()
    assert (await began.finish()).text == "old"
    began.abort()
    assert await asyncio.to_thread(old.closed.wait, 5)
    assert not new.closed.is_set()
    both.close()
    assert await asyncio.to_thread(new.closed.wait, 5)


async def test_one_that_nobody_uses_is_closed_at_once() -> None:
    old, new = Behaviour(), Behaviour()
    both = Replaceable(Hosted(old.make))
    await heard(both, SECOND)
    both.replace(Hosted(new.make))
    assert await asyncio.to_thread(old.closed.wait, 5)
