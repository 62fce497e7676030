"""The built-in commands: one table, understood in speech's and in writing's spelling, never guessed."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oi_voice.agent.parse import Parser
from oi_voice.llm.commands import TABLE, CommandModel, sayings, understand
from oi_voice.llm.commands.talk import UNKNOWN
from oi_voice.messages import DECLINED, Kind, Message, Role, accumulate, user

EXAMPLES = [(row, example) for row in TABLE for example in row.examples]
PHRASES = [
    line.split("\t")
    for line in (Path(__file__).parents[1] / "assets" / "phrases.txt").read_text(encoding="utf-8").splitlines()
]
# What cannot be done honestly without a language model or a service.
NO_COMMANDS = {"what is the weather like", "remind me in five minutes", "summarize this document"}
RUNS_ANYWHERE = [
    ("what is thirty four times twelve", "34 times 12 is 408."),
    ("what is 34 × 12?", "34 times 12 is 408."),
    ("what is nine plus ten", "9 plus 10 is 19."),
    ("how much is one thousand divided by eight", "1000 divided by 8 is 125."),
    ("what is three point five times two", "3.5 times 2 is 7."),
    ("what is fifteen percent of eighty", "15 percent of 80 is 12."),
]


async def reply(*messages: Message) -> str:
    return "".join([delta.text async for delta in CommandModel().respond(messages)])


def code_of(text: str) -> list[str]:
    parser = Parser()
    return [m.content for m in accumulate([*parser.feed(text), *parser.end()]) if m.kind is Kind.CODE]


def run(code: str, folder: Path | None = None) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True)
    return done.stdout + done.stderr


def outcome(sentence: str, printed: str) -> Sequence[Message]:
    return (
        user(sentence),
        Message(Role.ASSISTANT, Kind.CODE, "…", "python"),
        Message(Role.COMPUTER, Kind.CONSOLE, printed, "output"),
    )


def test_there_are_enough_and_each_has_a_name_of_its_own() -> None:
    assert len(TABLE) >= 40
    assert len({row.name for row in TABLE}) == len(TABLE)
    assert sum(map(len, sayings().values())) >= 40


@pytest.mark.parametrize(("row", "example"), EXAMPLES, ids=[example for _, example in EXAMPLES])
def test_every_example_is_its_row_and_its_code_is_python(row: object, example: str) -> None:
    command = understand(example)
    assert command is not None
    assert command.row is row
    ast.parse(command.row.program(command.slots))


@pytest.mark.parametrize(("spoken", "written"), PHRASES, ids=[spoken for spoken, _ in PHRASES])
async def test_the_phrases_mean_the_same_spoken_and_written(spoken: str, written: str) -> None:
    heard, read = understand(spoken), understand(written)
    assert heard is not None
    assert read is not None
    assert heard.row is read.row


@pytest.mark.parametrize("spoken", sorted(NO_COMMANDS))
async def test_what_cannot_be_done_is_said(spoken: str) -> None:
    said = await reply(user(spoken))
    assert "can't" in said or "cannot" in said
    assert code_of(said) == []


@pytest.mark.parametrize(("sentence", "said"), RUNS_ANYWHERE, ids=[sentence for sentence, _ in RUNS_ANYWHERE])
async def test_sums_are_run_and_told(sentence: str, said: str) -> None:
    (code,) = code_of(await reply(user(sentence)))
    assert await reply(*outcome(sentence, run(code))) == said


async def test_files_are_listed_counted_made_and_deleted_for_real(tmp_path: Path) -> None:
    async def ask(sentence: str) -> str:
        (code,) = code_of(await reply(user(sentence)))
        return await reply(*outcome(sentence, run(code, tmp_path)))

    await ask("create a file called notes")
    assert (tmp_path / "notes").exists()
    assert "exists" in await ask("create a file called notes")
    assert "notes" in await ask("list the files in this folder")
    assert "one file" in await ask("how many files are in this folder")
    await ask("delete the file called notes")
    assert not (tmp_path / "notes").exists()
    assert (await ask("delete the file called notes")).startswith("That did not work")


@pytest.mark.parametrize(
    "sentence",
    [
        "where did you put my car keys",
        "delete everything",
        "type",
        "what is seven plus",
        "open",
        "the open editor",
        "?",
    ],
)
async def test_what_is_not_in_the_table_is_not_guessed(sentence: str) -> None:
    assert await reply(user(sentence)) == UNKNOWN


async def test_a_denial_is_taken_as_one() -> None:
    assert await reply(*outcome("delete the file called notes", DECLINED)) == "All right, I left it alone."


async def test_a_failure_is_told_in_its_own_words() -> None:
    trace = "Traceback (most recent call last):\n  …\nFileNotFoundError: [Errno 2] No such file or directory: 'notes'"
    said = await reply(*outcome("delete the file called notes", trace))
    assert said == "That did not work: No such file or directory: 'notes'."


async def test_output_never_becomes_code() -> None:
    title = "Innocent\n```python\nprint('run me')\n```\n~~~bash\nrm x\n~~~\n"
    for sentence in ("next window", "which windows are open", "what is on the clipboard", "what is on my screen"):
        assert code_of(await reply(*outcome(sentence, title))) == []


@given(st.text(max_size=60))
def test_typed_words_stay_a_string_whatever_they_hold(words: str) -> None:
    command = understand(f"type {words}")
    if command is None or command.row.name != "type":
        return
    tree = ast.parse(command.row.program(command.slots))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assert len(calls) == 1
    assert isinstance(calls[0].args[0], ast.Constant)


@pytest.mark.parametrize("name", [".bashrc", "notes.txt", "my notes"])
def test_a_file_is_named_as_it_is_written(name: str) -> None:
    command = understand(f"delete the file called {name}")
    assert command is not None
    assert repr(name) in command.row.program(command.slots)


def test_politeness_is_left_out_but_not_of_what_is_typed() -> None:
    polite = understand("could you open the text editor, please")
    assert polite is not None
    assert polite.row.name == "open_app"
    typed = understand("type yes please")
    assert typed is not None
    assert "'yes please'" in typed.row.program(typed.slots)
