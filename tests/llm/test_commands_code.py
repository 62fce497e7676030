"""The code of every command keeps to the ``computer`` that there is, and its outcome is told as one."""

from __future__ import annotations

import inspect
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from oi_voice.computer import api
from oi_voice.controls import Controls
from oi_voice.llm.commands import TABLE, CommandModel, understand
from oi_voice.messages import Kind, Message, Role, user

RESULTS: dict[str, Any] = {
    "display.screenshot": Image.new("RGB", (2, 2)),
    "display.size": (1280, 800),
    "display.text": "File Edit View",
    "clipboard.view": "copied words",
    "os.volume": 55,
    "window.list": [{"title": "Notes"}, {"title": "Mail"}],
    "window.next": "Mail",
}
"""What each method gives where a command makes something of it."""


def program(phrase: str) -> str:
    command = understand(phrase)
    assert command is not None
    return command.row.program(command.slots)


PHRASES = [phrase for row in TABLE for phrase in row.examples if program(phrase)]
ON_COMPUTER = [phrase for phrase in PHRASES if "computer." in program(phrase)]
PLAIN = [phrase for phrase in PHRASES if "computer." not in program(phrase) and phrase != "lock the screen"]


class Part:
    """One part of the computer: takes the calls that its declaration takes, and no others."""

    def __init__(self, name: str, declared: type) -> None:
        self._name, self._declared = name, declared

    def __getattr__(self, method: str) -> Callable[..., Any]:
        signature = inspect.signature(getattr(self._declared, method))

        def call(*args: Any, **kwargs: Any) -> Any:
            signature.bind(self, *args, **kwargs)
            return RESULTS.get(f"{self._name}.{method}")

        return call


class Computer:
    def __init__(self) -> None:
        for name, declared in {**api.PARTS, "assistant": Controls}.items():
            setattr(self, name, Part(name, declared))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder with something in it, which is the current folder too."""
    for folder in ("Desktop", "Downloads", "Documents", "Pictures"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "letter.txt").write_text("Dear reader")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def furnish(home: Path, phrase: str) -> None:
    """Make what the command takes for granted."""
    if "called notes" in phrase and not phrase.startswith("create"):
        for folder in (home, home / "Desktop"):
            (folder / "notes").touch()
    if phrase.startswith("delete the folder"):
        (home / "projects").mkdir()


def run(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-I", "-c", code], cwd=folder, capture_output=True, text=True)


async def told(phrase: str, printed: str) -> str:
    """What is said once the command's code has printed this."""
    ran = (
        Message(Role.ASSISTANT, Kind.CODE, program(phrase), "python"),
        Message(Role.COMPUTER, Kind.CONSOLE, printed, "output"),
    )
    deltas = [delta async for delta in CommandModel().respond([user(phrase), *ran])]
    assert deltas[-1].finish == "stop"
    return "".join(delta.text for delta in deltas)


@pytest.mark.parametrize("phrase", ON_COMPUTER)
async def test_it_calls_what_the_computer_offers(phrase: str, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    furnish(home, phrase)
    exec(program(phrase), {"computer": Computer()})
    said = await told(phrase, capsys.readouterr().out)
    assert "did not work" not in said
    assert "None" not in said


@pytest.mark.parametrize("phrase", PLAIN)
async def test_it_runs_without_a_computer(phrase: str, home: Path) -> None:
    furnish(home, phrase)
    ran = run(program(phrase), home)
    assert ran.stderr == ""
    said = await told(phrase, ran.stdout)
    assert said.endswith(".")
    assert "did not work" not in said


@pytest.mark.parametrize(
    ("phrase", "printed", "said"),
    [
        ("set the volume to fifty percent", "50\n", "The volume is at 50 percent."),
        ("which windows are open", "Notes\nMail\n", "There are 2 windows open: Notes and Mail."),
        ("how much is ten divided by four", "5/2", "10 divided by 4 is 2.5."),
        ("what is ten divided by three", "10/3", "10 divided by 3 is about 3.3333."),
        ("what is five minus eight", "-3", "5 minus 8 is minus 3."),
        ("what is on the clipboard", "", "There is no text on the clipboard."),
        (
            "open the calculator",
            "ComputerError: No calculator is installed.",
            "That did not work: No calculator is installed.",
        ),
        ("type hello", "Python died; its variables are lost.", "Python died; its variables are lost."),
    ],
)
async def test_what_is_said_of_the_outcome(phrase: str, printed: str, said: str) -> None:
    assert await told(phrase, printed) == said


async def test_nothing_is_divided_by_zero() -> None:
    assert program("what is seven divided by zero") == ""
    deltas = [delta async for delta in CommandModel().respond([user("what is seven divided by zero")])]
    assert deltas[0].text == "Nothing can be divided by zero."
