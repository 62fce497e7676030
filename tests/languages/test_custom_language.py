"""A person's own languages: real threads, real generators."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from oi_voice.errors import LanguageError
from oi_voice.languages.capped import Capped
from oi_voice.languages.custom import CustomLanguage
from oi_voice.messages import Chunk, Kind, Role
from oi_voice.runtime import in_thread, spawn


def out(text: str) -> dict[str, Any]:
    return {"type": "console", "format": "output", "content": text}


class Shout:
    """As the documentation has it."""

    name = "shout"
    system_message = "Shout!"

    def run(self, code: str) -> Iterator[dict[str, Any]]:
        yield out(code.upper())

    def stop(self) -> None:
        pass

    def terminate(self) -> None:
        pass


def yielding(*entries: Any) -> type:
    class Canned(Shout):
        def run(self, code: str) -> Iterator[Any]:
            yield from entries

    return Canned


async def chunks(language: CustomLanguage, code: str = "") -> list[Chunk]:
    async with aclosing(language.run(code, "run")) as stream:
        return [chunk async for chunk in stream]


def console(text: str, form: str = "output") -> Chunk:
    return Chunk(Role.COMPUTER, Kind.CONSOLE, text, form)


async def happened(event: threading.Event) -> None:
    assert await in_thread(event.wait, 5)


async def test_the_documented_class_runs() -> None:
    language = CustomLanguage(Shout)
    assert (language.name, language.aliases, language.system_message) == ("shout", (), "Shout!")
    await language.start()
    assert await chunks(language, "hello") == [console("HELLO")]
    assert await language.stop()
    await language.close()
    await language.close()
    with pytest.raises(LanguageError, match="closed"):
        await chunks(language)


@pytest.mark.parametrize(
    ("entries", "wanted"),
    [
        ([{"type": "console", "content": "x"}], [console("x")]),
        ([{"role": "computer", "type": "console", "format": "output", "content": 3}], [console("3")]),
        (
            [{"type": "console", "start": True}, {"format": "active_line", "content": 1}, {"end": True}],
            [console("1", "active_line"), console("", "active_line")],
        ),
        (
            [{"format": "active_line", "content": "1"}, {"format": "active_line", "content": None}],
            [console("1", "active_line"), console("", "active_line")],
        ),
        (
            [{"type": "image", "format": "base64", "content": "aGk="}],
            [Chunk(Role.COMPUTER, Kind.IMAGE, "aGk=", "base64.png")],
        ),
        (
            [{"type": "image", "format": "path", "content": "a.png"}],
            [Chunk(Role.COMPUTER, Kind.IMAGE, "a.png", "path")],
        ),
        (
            [{"type": "code", "format": "html", "content": "<hr>"}],
            [Chunk(Role.COMPUTER, Kind.CODE, "<hr>", "html")],
        ),
        (
            [{"role": "assistant", "type": "message", "content": "done", "recipient": "user"}],
            [Chunk(Role.ASSISTANT, Kind.MESSAGE, "done", "", "user")],
        ),
    ],
)
async def test_dicts_become_chunks(entries: list[Any], wanted: list[Chunk]) -> None:
    assert await chunks(CustomLanguage(yielding(*entries))) == wanted


@pytest.mark.parametrize("bad", ["text", None, 3, {"type": "tune", "content": "x"}, out({"a": 1}), {"role": "cook"}])  # type: ignore[arg-type]
async def test_what_cannot_be_shown_is_told_in_words_and_the_rest_goes_on(bad: object) -> None:
    first, told, last = await chunks(CustomLanguage(yielding(out("a"), bad, out("b"))))
    assert (first, last) == (console("a"), console("b"))
    assert told.format == "notice"
    assert "shout yielded what cannot be shown: Message 2 " in told.content


def fails(error: BaseException) -> type:
    class Failing(Shout):
        def run(self, code: str) -> Iterator[Any]:
            yield out("begun")
            raise error

    return Failing


async def test_a_flood_is_cut_and_kept_in_a_file(tmp_path: Path) -> None:
    flood = [out(f"line {number}\n") for number in range(10_000)]
    language = CustomLanguage(yielding(*flood), capped=lambda: Capped(1000, 500, tmp_path))
    *said, where = await chunks(language)
    shown = "".join(chunk.content for chunk in said)
    assert shown.startswith("line 0\n")
    assert shown.endswith("line 9999\n")
    assert "characters left out" in shown
    assert len(shown) < 1100
    assert where.format == "notice"
    [kept] = tmp_path.iterdir()  # noqa: ASYNC240 - a test
    assert str(kept) in where.content
    assert kept.read_text() == "".join(entry["content"] for entry in flood)
    await language.close()


async def test_the_end_of_a_flood_is_told_also_when_it_fails() -> None:
    class Failing(Shout):
        def run(self, code: str) -> Iterator[Any]:
            yield out("a" * 100)
            yield out("the end")
            raise ValueError("no cloud")

    language, said = CustomLanguage(Failing, capped=lambda: Capped(20)), ""
    with pytest.raises(LanguageError, match="no cloud"):
        async with aclosing(language.run("", "run")) as stream:
            async for chunk in stream:
                said += chunk.content
    assert said.endswith("the end")
    assert len(said) < 60
    await language.close()


@pytest.mark.parametrize("extension", ["py", ".py"])
def test_its_file_extension_is_one_without_a_dot(extension: str) -> None:
    assert CustomLanguage(type("Dotted", (Shout,), {"file_extension": extension})).file_extension == "py"


@pytest.mark.parametrize("error", [ValueError("no cloud"), SystemExit(3), KeyboardInterrupt()])
async def test_what_it_raises_is_named_and_it_runs_again(error: BaseException) -> None:
    language = CustomLanguage(fails(error))
    for _ in range(2):
        heard = []
        with pytest.raises(LanguageError, match=f"shout failed with {type(error).__name__}") as failure:
            async with aclosing(language.run("", "run")) as stream:
                async for chunk in stream:
                    heard.append(chunk)
        assert heard == [console("begun")]
        assert failure.value.code == "language.custom"
    await language.close()


def without(run: Any) -> type:
    return type("Odd", (Shout,), {"run": run})


@pytest.mark.parametrize("run", [lambda self, code: None, lambda self: [], lambda self, code: next(iter([]))])
async def test_a_run_that_is_no_generator_is_told(run: Callable[..., Any]) -> None:
    with pytest.raises(LanguageError, match=r"shout failed with (TypeError|StopIteration)"):
        await chunks(CustomLanguage(without(run)))


@pytest.mark.parametrize(
    ("what", "why"),
    [
        (type("Nameless", (), {"run": print}), "Nameless is no language: it has not a name"),
        (type("Blank", (), {"name": " ", "run": print}), "a name"),
        (type("Idle", (), {"name": "idle"}), "Idle is no language: it has not a method run"),
        (3, "int is no language"),
    ],
)
def test_what_is_no_language_is_refused(what: object, why: str) -> None:
    with pytest.raises(LanguageError, match=why) as refused:
        CustomLanguage(what)
    assert refused.value.code == "language.invalid"


async def test_the_class_is_made_late_once_and_with_the_computer_if_it_takes_one() -> None:
    made = []

    class Late(Shout):
        def __init__(self, computer: object) -> None:
            made.append((computer, threading.current_thread().name))

    language = CustomLanguage(Late, "the computer")
    assert made == []
    await chunks(language)
    await chunks(language)
    assert made == [("the computer", "language shout")]
    await language.close()
    assert await chunks(CustomLanguage(Shout())) == [console("")]


async def test_a_class_that_cannot_be_made_says_why_each_time() -> None:
    class Broken(Shout):
        def __init__(self) -> None:
            raise OSError("no key")

    language = CustomLanguage(Broken)
    for _ in range(2):
        with pytest.raises(LanguageError, match="shout failed with OSError: no key"):
            await language.start()
    await language.close()


class Waiting(Shout):
    """Says ``on`` and then waits for ``stop``, unless it is deaf."""

    deaf = False
    made = 0

    def __init__(self) -> None:
        type(self).made += 1
        self.stopped, self.closed, self.terminated = threading.Event(), threading.Event(), threading.Event()

    def run(self, code: str) -> Iterator[Any]:
        try:
            yield out("on")
            self.stopped.wait(60)
            yield out("off")
        finally:
            self.closed.set()

    def stop(self) -> None:
        if not self.deaf:
            self.stopped.set()

    def terminate(self) -> None:
        self.terminated.set()
        self.stopped.set()


async def begun(language: CustomLanguage) -> asyncio.Task[list[Chunk]]:
    on = asyncio.Event()

    async def consume() -> list[Chunk]:
        heard = []
        async with aclosing(language.run("", "run")) as stream:
            async for chunk in stream:
                heard.append(chunk)
                on.set()
        return heard

    task = spawn(consume(), "test run")
    await on.wait()
    return task


async def test_the_loop_never_waits_for_it_and_stop_ends_it() -> None:
    language = CustomLanguage(Waiting())
    task = await begun(language)
    assert await language.stop()
    assert await task == [console("on"), console("off")]
    assert await language.stop()
    await language.close()


async def test_leaving_early_closes_the_generator() -> None:
    waiting = Waiting()
    language = CustomLanguage(waiting)
    async with aclosing(language.run("", "run")) as stream:
        await anext(stream)
    await happened(waiting.closed)
    waiting.stopped.set()
    assert await chunks(language) == [console("on"), console("off")]
    await language.close()
    assert waiting.terminated.is_set()


async def test_one_that_ignores_stop_is_given_up_and_made_anew() -> None:
    class Deaf(Waiting):
        deaf = True
        made = 0

    language = CustomLanguage(Deaf)
    task = await begun(language)
    assert await asyncio.gather(language.stop(), language.stop()) == [False, False]
    await asyncio.wait([task])
    with pytest.raises(LanguageError, match="would not stop") as failure:
        await task
    assert failure.value.code == "language.died"
    again = await begun(language)
    assert Deaf.made == 2
    await language.close()
    await asyncio.wait([again])


async def test_runs_at_the_same_time_take_turns() -> None:
    language = CustomLanguage(yielding(out("a"), out("b")))
    assert await asyncio.gather(*(chunks(language) for _ in range(5))) == [[console("a"), console("b")]] * 5
    await language.close()


async def test_its_thread_ends_with_it() -> None:
    before = set(threading.enumerate())
    language = CustomLanguage(Shout)
    await chunks(language)
    [thread] = [one for one in threading.enumerate() if one not in before and one.name == "language shout"]
    await language.close()
    await in_thread(thread.join, 5)
    assert not thread.is_alive()
