"""PowerShell by its argument contract: a stand-in called ``pwsh`` notes how it was started, and speaks as drivers do.

The driver itself has not met a real PowerShell here.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from oi_voice.languages.dialects import DRIVERS
from tests.languages.session_runs import not_installed, opened, said, stopped

DRIVER = DRIVERS / "powershell.ps1"
STAND_IN = """#!{python}
import json, os, sys
with open(os.environ["NOTES"], "w") as notes:
    json.dump(sys.argv[1:], notes)
with open(os.environ["OI_VOICE_REQUESTS"]) as requests, open("/dev/tty", "w") as terminal:
    running = ""
    for line in requests:
        request = json.loads(line)
        if "stop" in request and request["stop"] == running:
            print("Interrupted", file=sys.stderr)
            print(f"\\x1e{{running}} error\\x1e", end="", file=terminal, flush=True)
        elif request.get("code") == "endless":
            running = request["mark"]
            print("begun", flush=True)
        elif "code" in request:
            print(request["code"].upper(), end="", flush=True)
            print(f"\\x1e{{request['mark']}} ok\\x1e", end="", file=terminal, flush=True)
"""


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the stand-in, which is found first, notes its arguments."""
    program, notes = tmp_path / "bin" / "pwsh", tmp_path / "notes.json"
    program.parent.mkdir()
    program.write_text(STAND_IN.format(python=sys.executable))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=":")
    monkeypatch.setenv("NOTES", str(notes))
    return notes


async def test_it_is_started_with_our_driver(notes: Path) -> None:
    async with opened("powershell") as powershell:
        assert powershell.available
        assert await said(powershell, "'é'; Get-Date\n") == "'É'; GET-DATE\n"
    with notes.open() as arguments:
        assert json.load(arguments) == ["-NoLogo", "-NoProfile", "-File", str(DRIVER)]
    assert DRIVER in DRIVERS.iterdir()


async def test_it_is_stopped_by_a_request(notes: Path) -> None:
    async with opened("powershell") as powershell:
        assert await stopped(powershell, "endless") == (True, "begun\nInterrupted\n")
        assert await said(powershell, "again") == "AGAIN"


async def test_without_powershell(monkeypatch: pytest.MonkeyPatch) -> None:
    error = await not_installed("powershell", monkeypatch)
    assert error.message == "PowerShell is not installed on this computer."
    assert "brew install powershell" in error.fix
