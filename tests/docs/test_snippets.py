"""Every Python snippet of the reference documentation: programs that do the same, and, where it is at hand, its own.

The documentation is under another licence than this project, so its text is not here: ``snippets.TABLE`` knows each
snippet by its page, number and SHA-256. With ``OI_VOICE_REFERENCE`` naming the folder that holds it, each is run as
written; without, a program in our own words that makes the same calls is, and held to the same.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from programs import PROGRAMS
from reference import Cut, cut
from scene import Program, Scene
from snippets import TABLE

from oi_voice.testing.replies import silent
from oi_voice.testing.server import serve

ABSENT = "the reference documentation is not part of this project"
Play = Callable[..., None]
SNIPPETS = {(page, number): entry for page, entries in TABLE.items() for number, entry in enumerate(entries, 1)}


@pytest.fixture
def play(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Play]:
    """``play(program, text, *before)``: run the text in the program's surroundings, and check what came of it."""
    with ExitStack() as stack:

        def played(program: Program, text: str, *before: str) -> None:
            server = stack.enter_context(serve(silent()))
            read = lambda: capsys.readouterr().out  # noqa: E731
            scene = stack.enter_context(closing(Scene(program, server, tmp_path, monkeypatch, read)))
            scene.run(text, *before)
            program.check(scene)

        yield played


# --- in our own words


def known(program: str) -> list[pytest.MarkDecorator]:
    """What marks a program with a known fault, so that its end is noticed."""
    fault = PROGRAMS[program].fault if program else ""
    return [pytest.mark.xfail(strict=True, reason=fault)] if fault else []


@pytest.mark.parametrize("name", [pytest.param(name, marks=known(name)) for name in PROGRAMS])
def test_a_program_of_our_own(play: Play, name: str) -> None:
    program = PROGRAMS[name]
    play(program, program.text, *[PROGRAMS[each].text for each in program.after])


def test_each_snippet_has_a_program_or_a_reason_and_no_program_is_idle() -> None:
    assert all(entry.program or entry.reason for entry in SNIPPETS.values())
    used = {entry.program for entry in SNIPPETS.values() if entry.program}
    assert used == set(PROGRAMS)


# --- as written


@pytest.fixture(scope="module")
def reference() -> dict[tuple[str, int], Cut]:
    folder = os.environ.get("OI_VOICE_REFERENCE")
    if not folder:
        pytest.skip(ABSENT)
    return cut(Path(folder))


def test_none_is_missing_here_and_none_is_gone(reference: dict[tuple[str, int], Cut]) -> None:
    assert Counter(page for page, _ in reference) == {page: len(entries) for page, entries in TABLE.items()}


@pytest.mark.parametrize(
    ("page", "number"),
    [pytest.param(*key, id=f"{key[0]}-{key[1]}", marks=known(entry.program)) for key, entry in SNIPPETS.items()],
)
def test_a_snippet_as_written(play: Play, reference: dict[tuple[str, int], Cut], page: str, number: int) -> None:
    entry, snippet = SNIPPETS[page, number], reference[page, number]
    assert snippet.digest == entry.digest
    if entry.reason:
        with pytest.raises(SyntaxError):
            compile(snippet.program, snippet.page, "exec")
        return
    program = PROGRAMS[entry.program]
    play(program, snippet.program, *[earlier.program for earlier in _before(program, snippet, reference)])


def _before(program: Program, snippet: Cut, reference: dict[tuple[str, int], Cut]) -> list[Cut]:
    """The snippets of the same page, above this one, that it needs."""
    above = [(snippet.page, number) for number in range(1, snippet.number)]
    return [reference[key] for key in above if SNIPPETS[key].program in program.after]
