"""R, in a real one."""

from __future__ import annotations

import base64
import time
from contextlib import aclosing
from pathlib import Path

import pytest

from oi_voice.errors import LanguageError
from oi_voice.messages import Chunk, Kind
from tests.languages.people import Typist
from tests.languages.session_runs import chunks, needs, not_installed, opened, said, stopped

pytestmark = needs("r")


def pictures(found: list[Chunk]) -> list[bytes]:
    shown = [chunk for chunk in found if chunk.kind is Kind.IMAGE]
    assert all(chunk.format == "base64.png" for chunk in shown)
    return [base64.b64decode(chunk.content) for chunk in shown]


async def test_names_are_kept() -> None:
    async with opened("r") as r:
        assert await said(r, "a <- 1; f <- function(x) x + a") == ""
        assert await said(r, "f(2)") == "[1] 3\n"
        assert await said(r, "ls()") == '[1] "a" "f"\n'


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("invisible(1)", ""),
        ("NULL", "NULL\n"),
        ("1\n'é 日本 😀'", '[1] 1\n[1] "é 日本 😀"\n'),
        ('cat("a\\\\b\\t\\"c\\"\\n")', 'a\\b\t"c"\n'),
        ("message('to stderr')", "to stderr\n"),
        ("f <- function(x)   {x # as written\n}\nf", "function(x)   {x # as written\n}\n"),
        ("head(letters, 2)", '[1] "a" "b"\n'),
        ("log(-1)", "[1] NaN\nWarning message:\nIn log(-1) : NaNs produced\n"),
        ("warning('a'); as.integer('x')", "[1] NA\nWarning messages:\n1: a\n2: NAs introduced by coercion\n"),
        ("system('echo from a program')", "from a program\n"),
    ],
)
async def test_what_is_shown(code: str, shown: str) -> None:
    async with opened("r") as r:
        assert await said(r, code) == shown


async def test_errors_are_rs_own() -> None:
    async with opened("r") as r:
        assert await said(r, "g <- function(a) stop('boom ', a)\n1\ng(3)") == "[1] 1\nError in g(3) : boom 3\n"
        assert await said(r, "stop('at the top')") == "Error: at the top\n"
        assert await said(r, "no_such_name") == "Error: object 'no_such_name' not found\n"
        assert (await said(r, "x <- 1\ny )")).startswith("Error: (code):2:3: unexpected ')'\n")


async def test_output_comes_as_it_is_written() -> None:
    async with opened("r") as r:
        await r.start()
        async with aclosing(r.run("for (i in 1:3) { cat(i, ''); Sys.sleep(0.1) }", "run")) as stream:
            seen = [(chunk.content, time.monotonic()) async for chunk in stream]
        assert "".join(content for content, _ in seen) == "1 2 3 "
        assert seen[-1][1] - seen[0][1] > 0.15


async def test_each_page_that_was_drawn_is_a_picture() -> None:
    async with opened("r") as r:
        found = pictures(await chunks(r, "plot(1:10)\nhist(c(1, 2, 2))"))
        assert len(found) == 2
        assert all(picture.startswith(b"\x89PNG") for picture in found)
        assert found[0] != found[1]
        assert pictures(await chunks(r, "par(mfrow = c(1, 2))")) == []
        assert len(pictures(await chunks(r, "plot(1); dev.off(); plot(2)"))) == 2
        assert len(pictures(await chunks(r, "plot(1); stop('after it')"))) == 1
        assert pictures(await chunks(r, "1")) == []


async def test_a_picture_of_the_persons_own_is_a_file(tmp_path: Path) -> None:
    async with opened("r") as r:
        assert pictures(await chunks(r, f"png('{tmp_path}/own.png'); plot(1); invisible(dev.off())")) == []
    assert (tmp_path / "own.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "code", ["while (TRUE) {}", "Sys.sleep(600)", "system('sleep 600')", "repeat try(Sys.sleep(600))"]
)
async def test_stop_keeps_the_state(code: str) -> None:
    async with opened("r") as r:
        await said(r, "kept <- 41")
        kept, output = await stopped(r, f"cat('begun\\n'); {code}")
        assert kept
        assert output.startswith("begun\n")
        assert await said(r, "kept + 1") == "[1] 42\n"


async def test_questions_reach_the_person() -> None:
    person = Typist("Ada", "Grace")
    async with opened("r", person) as r:
        assert (await said(r, "n <- readline('Your name? '); n")).endswith('[1] "Ada"\n')
        assert (await said(r, "cat('Who? '); n <- readLines('stdin', 1); n")).endswith('[1] "Grace"\n')
    assert person.asked == [("Your name?", False), ("Who?", False)]


async def test_an_r_within_is_an_ordinary_one() -> None:
    async with opened("r") as r:
        assert "[1] 2" in await said(r, "system2('Rscript', c('-e', '1+1'))")


async def test_an_exit_is_reported_and_the_next_run_begins_afresh() -> None:
    async with opened("r") as r:
        with pytest.raises(LanguageError, match=r"R ended by itself \(exit code 3\)") as caught:
            await said(r, "lost <- 1; quit(status = 3)")
        assert caught.value.code == "language.died"
        assert await said(r, "exists('lost')") == "[1] FALSE\n"


async def test_a_long_block() -> None:
    async with opened("r") as r:
        assert await said(r, "x <- '" + "a" * 100_000 + "'; nchar(x)") == "[1] 100000\n"


async def test_without_r(monkeypatch: pytest.MonkeyPatch) -> None:
    error = await not_installed("r", monkeypatch)
    assert error.message == "R is not installed on this computer."
    assert "apt install r-base-core" in error.fix
