"""A language for tests of sessions: Python, driven as the contract says, with a few verbs of its own.

Not the product's Python, which is a Jupyter kernel. Run as a program it is the driver.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from oi_voice.languages.dialects import Dialect

TINY = Dialect(
    name="tiny",
    title="Tiny",
    programs=(sys.executable,),
    command=(__file__,),
    install="it is part of the tests",
    aliases=("ti",),
    file_extension="tiny",
    environment={"PYTHONUNBUFFERED": ""},
)


def drive() -> None:
    held: dict[str, Any] = {}
    terminal = open("/dev/tty", "w")  # noqa: PTH123, SIM115 - for as long as it runs
    with Path(os.environ["OI_VOICE_REQUESTS"]).open() as requests:
        for line in requests:
            request = json.loads(line)
            held["mark"], held["terminal"] = request["mark"], terminal
            word = run(request["code"], held)
            sys.stdout.flush()
            terminal.write(f"\x1e{request['mark']} {word}\x1e")
            terminal.flush()


def run(code: str, held: dict[str, Any]) -> str:
    try:
        exec(code, held)
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted\n")
        return "error"
    except Exception as error:  # noqa: BLE001 - whatever the code raises
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return "error"
    return "ok"


if __name__ == "__main__":
    drive()
