"""The shell: bash, or what else there is, which keeps its state also where code says ``exit``.

It is an interactive one, so that an interrupt ends the code and nothing else, and so that it keeps the terminal from
background jobs. Its own input is the FIFO of requests; what the code reads is the terminal.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

from oi_voice.errors import LanguageError
from oi_voice.languages.dialects import DRIVERS, Dialect
from oi_voice.languages.terminal import REQUESTS

DRIVER = DRIVERS / "shell.sh"
OPTIONS = {"bash": ("--norc", "--noprofile", "--noediting", "+H", "-i")}
INPUT = f'exec "$@" <"${REQUESTS}"'
STATE = "shell-state"  # a file that a shell writes as it leaves, and the next one reads
WHOLE = b"# whole\n"  # ends a state that was written to its end


@dataclass(frozen=True, slots=True)
class ShellDialect(Dialect):
    """Requests are lines of the shell's own language."""

    def line(self, folder: Path) -> list[str]:
        program = self.program
        return ["/bin/sh", "-c", INPUT, "sh", program, *OPTIONS.get(Path(program).name, ("-i",))]

    def encode(self, mark: str, code: str) -> bytes:
        """The block is given to ``eval`` as one word. What an interrupt leaves of the first line's end, the second
        does; the third is for code that has taken our functions away."""
        if "\0" in code:
            raise LanguageError("The code holds a NUL character, which no shell can read.", code="language.code")
        end = f"{{ __oi_end {mark}; }} 2>/dev/null\n"
        lost = f"type __oi_end >/dev/null 2>&1 || printf '\\036{mark} 0\\036' >/dev/tty\n"
        block = "{ __oi_go; } 2>/dev/null; " + code.replace("'", "'\\''")
        return f"__oi_mark={mark}; command eval '{block}' </dev/tty >/dev/tty 2>&1; {end}\n{end}{lost}".encode()

    def encode_stop(self, mark: str) -> bytes:
        return f"\n{{ __oi_end {mark}; }} 2>/dev/null\n".encode()

    def encode_first(self, mark: str) -> bytes:
        return b'. "$OI_VOICE_SHELL"\n' + self.encode(mark, "")

    def surroundings(self, folder: Path) -> dict[str, str]:
        return {"OI_VOICE_SHELL": os.fspath(DRIVER), "OI_VOICE_STATE": os.fspath(folder / STATE)}

    def last_word(self, returncode: int | None, folder: Path) -> str:
        with contextlib.suppress(OSError):
            if (folder / STATE).read_bytes().endswith(WHOLE):
                return str(returncode)
        self.forget(folder)
        return ""

    def forget(self, folder: Path) -> None:
        (folder / STATE).unlink(missing_ok=True)


SHELL = ShellDialect(
    name="shell",
    title="The shell",
    programs=("bash", "sh"),
    command=(),
    install="apt install bash (Debian, Ubuntu), brew install bash (macOS)",
    aliases=("bash", "sh", "zsh", "terminal", "console", "command line", "cmd"),
    file_extension="sh",
    interrupt="both",
    quiet=True,
)
