"""Programs, opened by the name a person says: the program's own, or its kind."""

from __future__ import annotations

import mimetypes
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from oi_voice.computer import entries
from oi_voice.computer.entries import App
from oi_voice.computer.names import did_you_mean, either, plain
from oi_voice.computer.permit import checkpoint
from oi_voice.errors import ComputerError, RefusedError

PATIENCE = 20.0  # seconds until a program's window must be there

#: A kind of program: the category it is in and the MIME type whose default program is meant.
KINDS = {
    "text editor": ("TextEditor", "text/plain"),
    "calculator": ("Calculator", ""),
    "calendar": ("Calendar", "text/calendar"),
    "file manager": ("FileManager", "inode/directory"),
    "image viewer": ("Viewer", "image/png"),
    "mail program": ("Email", "x-scheme-handler/mailto"),
    "music player": ("Player", "audio/mpeg"),
    "terminal": ("TerminalEmulator", "x-scheme-handler/terminal"),
    "video player": ("Player", "video/mp4"),
    "web browser": ("WebBrowser", "x-scheme-handler/https"),
}
_ALSO = {
    "browser": "web browser",
    "command line": "terminal",
    "console": "terminal",
    "e-mail": "mail program",
    "editor": "text editor",
    "email": "mail program",
    "file browser": "file manager",
    "file explorer": "file manager",
    "files": "file manager",
    "internet": "web browser",
    "internet browser": "web browser",
    "mail": "mail program",
    "notepad": "text editor",
    "terminal emulator": "terminal",
}
#: Those that run what follows -e, for programs without a window of their own.
TERMINALS = ("x-terminal-emulator", "xterm")


class Apps:
    """``open_with`` starts something and waits for its window: ``Windows.open_with``."""

    def __init__(self, open_with: Callable[[Callable[[], None], Collection[str], float], str]) -> None:
        self._open_with = open_with

    def open(self, name: str) -> str:
        """Start a program, or open a file, folder or address with the program for it.

        Returns the title of its window once that is there and has the keyboard. Raises RefusedError when no
        installed program, or more than one, is meant; ComputerError when it does not start or shows no window.
        """
        if sys.platform in ("darwin", "win32"):
            return _open_elsewhere(name)
        apps = entries.installed()
        mime = mime_of(name)
        app = find_for(mime, apps) if mime else find(name, apps)
        command = _in_terminal(app, entries.command(app, _expanded(name) if mime else ""))
        title = self._open_with(lambda: _start(command), window_names(app), PATIENCE)
        if not title:
            raise ComputerError(
                f"{app.name} was started, but no window of it has come up within {PATIENCE:.0f} seconds.",
                fix=f"See whether “{' '.join(command)}” works when started by hand.",
            )
        return title


def _expanded(name: str) -> str:
    return str(Path(name).expanduser()) if name.startswith("~") else name


def mime_of(name: str) -> str:
    """The MIME type of an address, an absolute path or one from ``~``; empty for anything else, such as a program."""
    if scheme := re.match(r"([a-z][a-z0-9+.-]*)://|(mailto):", name, re.IGNORECASE):
        kind = (scheme[1] or scheme[2]).lower()
        return f"x-scheme-handler/{'https' if kind == 'http' else kind}"
    if not name.startswith(("/", "~")):
        return ""
    path = Path(name).expanduser()
    if not path.exists():
        raise RefusedError(f"There is no file or folder {name}.", code="computer.not_found")
    return "inode/directory" if path.is_dir() else mimetypes.guess_type(path.name)[0] or "text/plain"


def find_for(mime: str, apps: Sequence[App]) -> App:
    """The program that opens this type: its default, else the first that says it can. RefusedError if there is none."""
    by_id = {app.id: app for app in apps}
    can = [by_id[id_] for id_ in entries.default_for(mime) if id_ in by_id]
    can += [app for app in apps if mime in app.mimes and not app.terminal]
    for kind, (_, type_) in KINDS.items():
        can += _of_kind(kind, apps) if type_ == mime or (type_ == "text/plain" and mime.startswith("text/")) else []
    if not can:
        raise RefusedError(f"No program is installed that opens this ({mime}).", fix="Install one first.")
    return can[0]


def also_called(name: str) -> Sequence[str]:
    """Names under which the windows of the program called ``name`` may go; none when it is not clear which it is."""
    try:
        return window_names(find(name, entries.installed()))
    except RefusedError:
        return ()


def window_names(app: App) -> Sequence[str]:
    """Under what its windows may go (WM_CLASS)."""
    return [*app.names, app.window_class] if app.window_class else app.names


def find(name: str, apps: Sequence[App]) -> App:
    """The program called so: by its name, else its kind, else with all these words in its name. Or RefusedError."""
    wanted = plain(name).removeprefix("the ").removeprefix("my ")
    kind = _ALSO.get(wanted, wanted)
    found = [app for app in apps if wanted in map(plain, app.names)]
    if not found and kind in KINDS:
        found = _of_kind(kind, apps)
        if not found:
            raise RefusedError(f"No {kind} is installed.", fix="Install one, or name another program.")
    if not found:
        found = [app for app in apps if wanted and set(wanted.split()) <= _words(app)]
    if len(found) == 1:
        return found[0]
    if found:
        names = either(app.name for app in found)
        raise RefusedError(f"“{name}” may be several programs.", fix=f"Say {names}.")
    known = [name for app in apps for name in app.names]
    raise RefusedError(
        f"No program “{name}” is installed.", fix=did_you_mean(wanted, [*known, *KINDS, *_ALSO], "Install it first.")
    )


def _of_kind(kind: str, apps: Sequence[App]) -> list[App]:
    """The default for this kind; else those that call themselves so; else all in its category, windowed ones first."""
    category, mime = KINDS[kind]
    by_id = {app.id: app for app in apps}
    if defaults := [by_id[id_] for id_ in entries.default_for(mime) if id_ in by_id]:
        return defaults[:1]
    inside = [app for app in apps if category in app.categories]
    windowed = [app for app in inside if not app.terminal] or inside
    return [app for app in windowed if plain(app.generic) == kind] or windowed


def _words(app: App) -> set[str]:
    return set(plain(f"{app.name} {app.generic}").replace("-", " ").split())


def _in_terminal(app: App, command: Sequence[str]) -> Sequence[str]:
    if not app.terminal:
        return command
    for terminal in TERMINALS:
        if shutil.which(terminal):
            return (terminal, "-e", *command)
    raise ComputerError(f"{app.name} needs a terminal, and none is installed.", fix="Install one: apt install xterm")


def _start(command: Sequence[str]) -> None:
    """In a session of its own and adopted by the system at once: it outlives us and never becomes our zombie."""
    checkpoint()
    subprocess.run(
        ["setsid", "--fork", *command],
        cwd=Path.home(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )


def _open_elsewhere(name: str) -> str:
    """macOS and Windows; not tested."""
    checkpoint()
    if sys.platform == "win32":
        try:
            os.startfile(name)
        except OSError as error:
            raise RefusedError(f"Windows knows no program “{name}”.", fix="Say its exact name.") from error
    elif subprocess.run(["open", "-a", name], capture_output=True, check=False).returncode:
        raise RefusedError(f"No program “{name}” is installed.", fix="Say its exact name.")
    return name
