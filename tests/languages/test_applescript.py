"""Languages that run each block in a process of its own; AppleScript by its argument contract, with a stand-in."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from oi_voice.errors import LanguageError
from oi_voice.languages.family import Family
from oi_voice.languages.host import Host
from oi_voice.languages.script import APPLESCRIPT, ONE_BY_ONE, Recipe, Script
from oi_voice.runtime import spawn
from tests.languages.session_runs import chunks, said, stopped, text

SHELL = Recipe("block", "The block", ("sh",), ("{file}",), "it is always there", file_extension="sh")
# Notes its arguments, then runs what is in the file with a shell.
STAND_IN = '#!/bin/sh\necho "$#:$1" >"$NOTES"\n. "$1"\n'
MAIN = "class A { public static void main(String[] a) { System.out.println(42); } }"


@pytest_asyncio.fixture
async def host() -> AsyncIterator[Host]:
    family = Family()
    yield Host(family)
    await family.close()


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where an ``osascript`` notes its arguments."""
    program, notes = tmp_path / "bin" / "osascript", tmp_path / "notes"
    program.parent.mkdir()
    program.write_text(STAND_IN)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=":")
    monkeypatch.setenv("NOTES", str(notes))
    return notes


def noted(notes: Path) -> str:
    return notes.read_text().strip() if notes.exists() else ""


async def test_applescript_gets_a_file(notes: Path, host: Host) -> None:
    applescript = Script(replace(APPLESCRIPT, systems=()), host)
    assert applescript.available
    assert await said(applescript, "echo é 日本\necho to stderr >&2") == "é 日本\nto stderr\n"
    count, _, name = noted(notes).partition(":")
    assert (count, name.endswith(".applescript")) == ("1", True)
    assert name not in map(str, host.family.folder.iterdir())


@pytest.mark.skipif("sys.platform == 'darwin'")
async def test_applescript_is_on_macs_only(notes: Path, host: Host) -> None:
    applescript = Script(APPLESCRIPT, host)
    assert not applescript.available
    with pytest.raises(LanguageError, match=r"^AppleScript is there on macOS only\.$") as caught:
        await chunks(applescript, "beep")
    assert caught.value.code == "language.missing"
    assert noted(notes) == ""


async def test_a_program_that_is_not_there(host: Host) -> None:
    script = Script(replace(SHELL, programs=("no-such-program",), install="apt install it"), host)
    with pytest.raises(
        LanguageError, match=r"The block is not installed on this computer. Install it: apt install it\."
    ):
        await script.start()


async def test_the_end_of_a_block_is_told(host: Host) -> None:
    script = Script(SHELL, host)
    assert await said(script, "printf half; exit 3") == "half\nexit status 3\n"
    assert await said(script, "kill -SEGV $$") == "ended by SIGSEGV\n"
    assert await said(script, "cat; echo no input") == "no input\n"
    assert list(host.family.folder.glob("block-*")) == []


async def test_output_comes_as_it_is_written(host: Host, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "go")
    script, seen = Script(SHELL, host), ""
    async with aclosing(script.run(f"echo first; read line <{tmp_path}/go; echo $line", "run")) as stream:
        async for chunk in stream:
            if not seen:
                (tmp_path / "go").write_text("second\n")
            seen += chunk.content
    assert seen == "first\nsecond\n"


@pytest.mark.parametrize(
    "code", ["exec sleep 600", "trap '' INT; while :; do sleep 600; done", "sleep 600 & setsid sleep 600 & wait"]
)
async def test_stop_ends_all_that_was_started(host: Host, code: str) -> None:
    script = Script(SHELL, host)
    kept, output = await stopped(script, f"echo begun; {code}")
    assert kept
    assert output.startswith("begun\n")
    assert host.family.members() == []
    assert await said(script, "echo again") == "again\n"


async def test_a_block_that_leaves_a_job_behind_is_over(host: Host) -> None:
    assert await said(Script(SHELL, host), "sleep 600 & echo over") == "over\n"
    assert len(host.family.members()) == 1


async def test_a_block_that_was_left_early_is_waited_for(host: Host, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "go")
    script = Script(SHELL, host)
    async with aclosing(script.run(f"echo first; read line <{tmp_path}/go; touch {tmp_path}/over", "run")) as stream:
        assert (await anext(stream)).content == "first\n"
    second = spawn(said(script, f"ls {tmp_path}/over"), "second")
    (tmp_path / "go").write_text("on\n")
    assert await second == f"{tmp_path}/over\n"


async def test_a_flood_is_cut(host: Host) -> None:
    found = await chunks(Script(SHELL, host), "yes | head -c 5000000")
    assert "characters left out" in text(found)
    assert "of this output are in" in text(found, "notice")


async def test_a_closed_one_runs_no_more(host: Host) -> None:
    script = Script(SHELL, host)
    await script.close()
    with pytest.raises(LanguageError, match="has been closed"):
        await chunks(script, "echo")


def test_every_language_has_a_recipe_for_windows() -> None:
    assert {one.name for one in ONE_BY_ONE} == {"shell", "javascript", "ruby", "r", "java", "powershell"}
    assert all("{file}" in one.arguments for one in ONE_BY_ONE)


@pytest.mark.parametrize(
    ("name", "code"),
    [("javascript", "console.log(42)"), ("ruby", "puts 42"), ("r", "cat('42\\n')"), ("java", MAIN)],
)
async def test_recipes_run_blocks(host: Host, name: str, code: str) -> None:
    [recipe] = [one for one in ONE_BY_ONE if one.name == name]
    if not recipe.program:
        pytest.skip(f"{recipe.title} is not installed")
    assert await said(Script(recipe, host), code) == "42\n"
