"""The clipboard's text: wl-clipboard or xclip on Linux, pyperclip elsewhere (macOS and Windows: not tested)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from oi_voice.computer.x11 import no_display, takes_clipboard
from oi_voice.errors import ComputerError

TIMEOUT = 3.0  # seconds; the program that owns the clipboard may hang


class SystemClipboard:
    """Implements ``ports.Clipboard``."""

    def read(self) -> str:
        """The text; empty when there is none."""
        if sys.platform in ("darwin", "win32"):
            import pyperclip

            return str(pyperclip.paste())
        done = _run(*(["wl-paste", "-n", "-t", "text"] if _wayland() else [*_XCLIP, "-out", "-target", "UTF8_STRING"]))
        return done.stdout.decode(errors="replace") if done.returncode == 0 else ""

    def write(self, text: str) -> None:
        """Replace it. The helper program keeps it until another program takes the clipboard over."""
        if sys.platform in ("darwin", "win32"):
            import pyperclip

            pyperclip.copy(text)
            return
        if _wayland():
            taken = _run("wl-copy", text=text).returncode == 0
        else:  # xclip may return a moment before the clipboard is really its own
            taken = takes_clipboard(lambda: _run(*_XCLIP, "-in", text=text))
        if not taken:
            raise ComputerError("The clipboard did not take the text.", code="computer.clipboard")


_XCLIP = ["xclip", "-selection", "clipboard"]


def _wayland() -> bool:
    return bool(os.environ.get("WAYLAND_DISPLAY")) and shutil.which("wl-copy") is not None


def _run(*command: str, text: str | None = None) -> subprocess.CompletedProcess[bytes]:
    """Both programs stay behind to serve what they were given: with our output open, they would hold its readers."""
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise no_display()
    try:
        return subprocess.run(
            command,
            input=None if text is None else text.encode(),
            stdin=subprocess.DEVNULL if text is None else None,
            stdout=subprocess.PIPE if text is None else subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=TIMEOUT,
            start_new_session=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise ComputerError(
            f"The clipboard can't be reached: {command[0]} is not installed.",
            fix="Install it: apt install xclip (or wl-clipboard)",
            code="computer.clipboard",
        ) from error
    except subprocess.TimeoutExpired as error:
        raise ComputerError(
            "The clipboard does not answer.", fix="Copy something anew, then try again.", code="computer.clipboard"
        ) from error
