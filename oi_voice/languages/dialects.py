"""The languages that have a lasting process of their own: what each is called, how it is started and spoken to."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

DRIVERS = Path(__file__).parent / "drivers"


@dataclass(frozen=True, slots=True)
class Dialect:
    """``command`` follows the program, the first of ``programs`` that is installed; in it ``{driver}`` stands for the
    path of the file in ``drivers`` and ``{folder}`` for a private folder. ``install`` says how to get the program.

    ``interrupt`` is ``signal`` where SIGINT ends what runs, ``request`` where a line among the requests does, or
    ``both``. What a ``quiet`` one prints at its start is told to nobody: it may be what it knows.
    """

    name: str
    title: str
    programs: tuple[str, ...]
    command: tuple[str, ...]
    install: str
    aliases: tuple[str, ...] = ()
    driver: str = ""
    file_extension: str = ""
    interrupt: str = "signal"
    quiet: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def program(self) -> str:
        """The installed program's path; empty when there is none."""
        return next((path for name in self.programs if (path := shutil.which(name))), "")

    def line(self, folder: Path) -> list[str]:
        """The command that starts it."""
        driver = os.fspath(DRIVERS / self.driver)
        return [self.program, *(part.format(driver=driver, folder=folder) for part in self.command)]

    def encode(self, mark: str, code: str) -> bytes:
        """A request to run ``code``. Raises ``LanguageError`` for what it can't be told."""
        return _json({"mark": mark, "code": code})

    def encode_first(self, mark: str) -> bytes:
        """The first request, whose end says that it is ready."""
        return self.encode(mark, "")

    def encode_stop(self, mark: str) -> bytes:
        """A request to end that run."""
        return _json({"stop": mark})

    def surroundings(self, folder: Path) -> dict[str, str]:
        """What is added to its environment."""
        return dict(self.environment)

    def last_word(self, returncode: int | None, folder: Path) -> str:
        """The word for a run in which its process has ended, if its state is not lost with it; else nothing."""
        return ""

    def forget(self, folder: Path) -> None:
        """Forget what was kept of a process that has ended."""


DIALECTS: tuple[Dialect, ...] = (
    Dialect(
        name="javascript",
        title="JavaScript",
        programs=("node", "nodejs"),
        # An interrupt in a timer or a callback leaves node's list of asynchronous calls one too long: no reason to die.
        command=("--no-force-async-hooks-checks", "{driver}"),
        install="apt install nodejs (Debian, Ubuntu), brew install node (macOS), winget install OpenJS.NodeJS "
        "(Windows)",
        aliases=("js", "node", "nodejs", "node.js"),
        driver="javascript.js",
        file_extension="js",
        interrupt="request",
    ),
    Dialect(
        name="ruby",
        title="Ruby",
        programs=("ruby",),
        command=("-EUTF-8", "{driver}"),
        install="apt install ruby (Debian, Ubuntu), brew install ruby (macOS), winget install "
        "RubyInstallerTeam.Ruby.3.3 (Windows)",
        aliases=("rb", "irb"),
        driver="ruby.rb",
        file_extension="rb",
    ),
    Dialect(
        name="r",
        title="R",
        programs=("R",),
        command=("--no-echo", "--interactive", "--no-readline", "--no-save", "--no-restore", "--no-site-file"),
        install="apt install r-base-core (Debian, Ubuntu), brew install r (macOS), winget install RProject.R (Windows)",
        aliases=("rscript", "rlang"),
        driver="r.R",
        file_extension="r",
        environment={"R_PROFILE_USER": os.fspath(DRIVERS / "r.R")},
    ),
    Dialect(
        name="java",
        title="Java",
        programs=("java",),
        command=("-Dfile.encoding=UTF-8", "--add-modules", "jdk.jshell", "{driver}"),
        install="a JDK, 17 or newer: apt install default-jdk-headless (Debian, Ubuntu), brew install openjdk (macOS), "
        "winget install EclipseAdoptium.Temurin.21.JDK (Windows)",
        aliases=("jshell",),
        driver="java.java",
        file_extension="java",
    ),
    Dialect(
        name="powershell",
        title="PowerShell",
        programs=("pwsh", "powershell"),
        command=("-NoLogo", "-NoProfile", "-File", "{driver}"),
        install="brew install powershell (macOS), winget install Microsoft.PowerShell (Windows), or as "
        "https://aka.ms/install-powershell says (Linux)",
        aliases=("pwsh", "ps1"),
        driver="powershell.ps1",
        file_extension="ps1",
        interrupt="request",
    ),
)


def _json(what: Mapping[str, str]) -> bytes:
    return json.dumps(what).encode() + b"\n"
