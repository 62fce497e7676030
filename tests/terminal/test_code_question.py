"""The question about code in the typed chat: what it shows, and what each answer does."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from pseudo_terminal import Terminal

from oi_voice.consent.judge import Judge
from oi_voice.consent.rules import Rules
from oi_voice.runtime import spawn
from oi_voice.terminal.chat import Chat, Lines
from oi_voice.terminal.render import Printer
from oi_voice.testing import Harness, harness

CODE = "```python\nprint(1)\n```\n"
DELETES = "```python\nimport os\nos.remove('/etc/hostname')\n```\n"
MISLEADS = "```python\nimport urllib.request\nurllib.request.urlopen('https://ex\u0430mple.org/x')\n```\n"


class Screen(io.StringIO):
    """What was shown, which can be waited for."""

    def __init__(self) -> None:
        super().__init__()
        self._more = asyncio.Event()

    def write(self, text: str) -> int:
        self._more.set()
        return super().write(text)

    async def until(self, words: str) -> None:
        while words not in self.getvalue():
            self._more.clear()
            await self._more.wait()


@asynccontextmanager
async def chatting(h: Harness) -> AsyncIterator[tuple[Screen, Callable[[str], None]]]:
    """A chat, its screen and what types; the input ends with the block."""
    screen, (read, write) = Screen(), os.pipe()
    lines = Lines(read)
    chat = spawn(Chat(h.engine, Printer(screen, screen), lines, signals=False).run(), "chat")
    try:
        yield screen, lambda text: os.write(write, text.encode()) and None
    finally:
        os.close(write)
        await chat
        lines.end()
        os.close(read)


async def typed(h: Harness, *lines: str) -> str:
    """What the chat shows when these lines are typed."""
    async with chatting(h) as (screen, type_):
        type_("".join(f"{line}\n" for line in lines))
    return screen.getvalue()


def ruled(path: Path, *replies: str, scan: str = "", **settings: Any) -> Harness:
    """A machine with rules in a file, and a scanner that finds this."""

    async def scanner(language: str, code: str) -> str:
        return scan

    return harness([*replies, "Done."], Judge(Rules(path / "own" / "rules.yaml"), scanner=scanner), **settings)


# --- what is shown


async def test_it_shows_words_and_level_and_from_then_on_may_be_answered_aloud() -> None:
    h = harness([DELETES, "Done."])
    async with chatting(h) as (screen, type_):
        type_("do it\n")
        await screen.until("[y/n/e/?] ")
        assert "── Destroys ── Changes the system's own files (hostname). Deletes hostname" in screen.getvalue()
        assert h.engine.gate.presented


async def test_an_address_that_misleads_is_told() -> None:
    told = await typed(harness([MISLEADS, "Done."]), "do it")
    assert "── Address ── “exаmple.org” mixes Cyrillic and Latin letters." in told


async def test_help_tells_what_may_be_answered_and_what_the_level_means(tmp_path: Path) -> None:
    told = await typed(ruled(tmp_path, CODE), "do it", "?", "?", "n")
    assert "\na  run it, and such code from now on without a question" in told
    assert "\ns  " not in told
    assert "\nOnly reads: it looks" in told
    assert told.count("[y/n/e/a/?]") == 3
    assert "\na  " not in await typed(ruled(tmp_path, DELETES), "do it", "?", "n")


# --- answers


@pytest.mark.parametrize("answer", ["y", "yes", " Y "])
async def test_a_yes_runs_it(answer: str) -> None:
    h = harness([CODE, "Done."])
    await typed(h, "do it", answer)
    assert h.journal.of("run") == ["print(1)\n"]


@pytest.mark.parametrize(
    "lines",
    [
        ["n"],
        ["no"],
        ["", ""],
        ["yep", "sure"],
        ["?", "y y", "ok"],
        ["s", "s"],
        ["a", "a"],
        ["y?", "n"],
        ["e", ".", "n"],
    ],
)
async def test_anything_else_is_asked_for_once_more_and_is_never_a_yes(lines: list[str]) -> None:
    h = harness([CODE, "Done."])
    told = await typed(h, "do it", *lines)
    assert h.journal.of("run") == []
    assert told.count("Please answer y, n, e or ?.") == (1 if lines[0] not in ("n", "no", "e") else 0)


@pytest.mark.parametrize("lines", [[], [""], ["?"], ["a"], ["e"], ["e", "print(2)"]])
async def test_the_end_of_input_is_a_no(lines: list[str], tmp_path: Path) -> None:
    h = ruled(tmp_path, CODE)
    assert "Done." in await typed(h, "do it", *lines)
    assert h.journal.of("run") == []


async def test_after_an_unclear_answer_a_yes_counts() -> None:
    h = harness([CODE, "Done."])
    await typed(h, "do it", "what?", "y")
    assert h.journal.of("run") == ["print(1)\n"]


async def test_code_typed_anew_is_looked_at_and_asked_about_again() -> None:
    h = harness([CODE, "Done."])
    told = await typed(h, "do it", "e", "import os", "", "os.remove('/etc/hostname')", ".", "y")
    assert h.journal.of("run") == ["import os\n\nos.remove('/etc/hostname')\n"]
    assert told.index("Only reads") < told.index("Destroys")
    assert "eclined" not in told


async def test_a_rule_for_the_conversation_is_shown_and_spares_the_next_question(tmp_path: Path) -> None:
    h = ruled(tmp_path, CODE, "Done.", CODE)
    told = await typed(h, "do it", "a", "c", "again", "%reset", "do it", "n")
    assert "   Python code that only computes.\nc  for this conversation\na  always" in told
    assert h.journal.of("run") == ["print(1)\n"] * 2
    assert not (tmp_path / "own" / "rules.yaml").exists()


async def test_a_rule_for_always_is_kept(tmp_path: Path) -> None:
    await typed(ruled(tmp_path, CODE), "do it", "always", "always")
    assert [rule.shape.level for rule in Rules(tmp_path / "own" / "rules.yaml")] == ["read"]


async def test_a_rule_that_is_not_wanted_after_all_is_none(tmp_path: Path) -> None:
    h = ruled(tmp_path, CODE)
    await typed(h, "do it", "a", "y", "n")
    assert h.journal.of("run") == []
    assert not [*Rules(tmp_path / "own" / "rules.yaml")]


async def test_there_is_no_rule_for_what_destroys(tmp_path: Path) -> None:
    h = ruled(tmp_path, DELETES)
    told = await typed(h, "do it", "a", "always")
    assert "[y/n/e/?]" in told
    assert h.journal.of("run") == []


async def test_a_scan_is_offered_and_what_it_says_is_shown(tmp_path: Path) -> None:
    h = ruled(tmp_path, CODE, scan="Line 1: Prints\u202e.", safe_mode="ask")
    told = await typed(h, "do it", "s", "y")
    assert "[y/n/e/a/s/?]" in told
    assert "── Scan ── Line 1: Prints⟨U+202E⟩.\n── Run this? [y/n/e/a/?] " in told
    assert h.journal.of("run") == ["print(1)\n"]


# --- at a real terminal

PROGRAM = """
import asyncio
from oi_voice.terminal.chat import Chat, Lines
from oi_voice.terminal.render import Printer
from oi_voice.testing import harness

async def main():
    h = harness(["```python\\nprint(1)\\n```\\n", "Fine."])
    try:
        await Chat(h.engine, Printer(), Lines()).run()
    finally:
        await h.engine.close()
    print("ran:", h.journal.of("run"))

asyncio.run(main())
"""
BLOCKING = """
from oi_voice.events import ApprovalRequested
from oi_voice.terminal.blocking import BlockingTerminal
question = ApprovalRequested("turn", "digest", "python", "print(1)", 0, "sends", "Sends data to x.org.")
print("answer:", BlockingTerminal().ask(question))
"""
ASKED = r"Run this\? \[y/n/e/\?\] "


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Terminal]]:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    opened: list[Terminal] = []

    def start_one(program: str = PROGRAM, **environment: str) -> Terminal:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        opened.append(Terminal(sys.executable, "-c", program))
        return opened[-1]

    yield start_one
    for each in opened:
        each.close()


def asked(it: Terminal) -> str:
    it.until("> ")
    it.type("do it\n")
    return it.until(ASKED)


def editor(path: Path, script: str) -> str:
    program = path / "my editor"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return f"'{program}' -w"


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {}])
def test_the_level_is_coloured_where_that_is_wanted(
    start: Callable[..., Terminal], environment: dict[str, str]
) -> None:
    assert ("\x1b[1;32mOnly reads\x1b[0m" in asked(start(EDITOR="", **environment))) is not environment


def test_the_persons_editor_is_opened_with_the_code(start: Callable[..., Terminal], tmp_path: Path) -> None:
    it = start(EDITOR=editor(tmp_path, 'test "$1" = -w && sed -i s/1/2/ "$2" && printf "%s\\n" "$2"'))
    asked(it)
    it.type("e\n")
    draft = it.until(r"/oi_voice-\w+\.py\n").split()[-1]
    assert "print(2)" in it.until(ASKED)
    it.type("y\n")
    it.until("Fine.")
    it.type("\x04")
    it.until(r"ran: \['print\(2\)\\n'\]")
    assert not Path(draft).exists()


@pytest.mark.parametrize(
    ("script", "told"),
    [("true", ""), ("exit 3", "ended with 3. The code is as it was."), ('printf "\\377" > "$2"', "can't be read")],
)
def test_an_editor_that_changes_nothing_leaves_the_question_open(
    start: Callable[..., Terminal], tmp_path: Path, script: str, told: str
) -> None:
    it = start(EDITOR=editor(tmp_path, script))
    asked(it)
    it.type("e\n")
    assert told in it.until(ASKED)
    it.type("n\n")
    it.until("Fine.")


def test_an_editor_that_is_not_there_is_told(start: Callable[..., Terminal]) -> None:
    it = start(EDITOR="/no/such/editor '")
    asked(it)
    it.type("e\n")
    assert "/no/such/editor ' can't be started" in it.until(ASKED)


def test_the_editor_has_the_keyboard_for_itself(start: Callable[..., Terminal], tmp_path: Path) -> None:
    it = start(
        EDITOR=editor(
            tmp_path, 'trap "echo interrupted" INT; echo ready; until read line; do :; done; echo "$line" > "$2"'
        )
    )
    asked(it)
    it.type("e\n")
    it.until("\nready\n")
    it.type("\x03")
    it.until("interrupted\n")
    it.type("y\n")
    assert "\ny\n── " in it.until(ASKED)


def test_the_chat_ends_when_told_to_while_an_editor_is_open(start: Callable[..., Terminal], tmp_path: Path) -> None:
    it = start(EDITOR=editor(tmp_path, "echo ready; exec sleep 60"))
    asked(it)
    it.type("e\n")
    it.until("\nready\n")
    it.process.send_signal(signal.SIGTERM)
    assert "print" not in it.until(r"ran: .*\n")
    assert it.process.wait(10) == 0


@pytest.mark.parametrize(("answers", "result"), [(["y"], True), (["n"], False), (["e", "y"], True), (["", ""], False)])
def test_a_program_that_waits_asks_in_the_same_way(
    start: Callable[..., Terminal], answers: list[str], result: bool
) -> None:
    it = start(BLOCKING, NO_COLOR="1")
    assert "── Sends data ── Sends data to x.org.\n── Run this? [y/n] " in it.until(r"Run this\? .* ")
    for at, answer in enumerate(answers):
        if at:
            it.until(r"Please answer y or n\.\n── Run this\? ")
        it.type(f"{answer}\n")
    it.until(f"answer: {result}")


def test_a_program_that_waits_takes_the_end_of_input_for_a_no(start: Callable[..., Terminal]) -> None:
    it = start(BLOCKING)
    it.until(r"Run this\? \[y/n\] ")
    it.type("\x04")
    it.until("answer: False")


def test_what_was_typed_ahead_makes_no_rule(start: Callable[..., Terminal], tmp_path: Path) -> None:
    program = PROGRAM.replace('"Fine."])', '"Fine."], Judge(Rules(Path(RULES))))').replace(
        "import asyncio",
        "import asyncio\nfrom os import environ\nfrom pathlib import Path\n"
        'from oi_voice.consent.judge import Judge\nfrom oi_voice.consent.rules import Rules\nRULES = environ["RULES"]',
    )
    it = start(program, RULES=str(tmp_path / "rules" / "rules.yaml"), EDITOR="")
    it.until("> ")
    it.type("do it\n")
    it.until(r"Run this\? \[y/n/e/a/\?\] ")
    it.type("a\na\n")  # at once: the second before the rule was shown
    it.until(r"\[c/a\] ")
    it.type("n\n")
    it.until(r"Run this\? \[y/n/e/a/\?\] ")
    it.type("n\n")
    it.until("Fine.")
    assert not (tmp_path / "rules" / "rules.yaml").exists()
