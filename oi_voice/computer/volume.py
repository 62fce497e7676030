"""The loudspeaker's volume: pactl on Linux, osascript on macOS (not tested)."""

from __future__ import annotations

import re
import subprocess
import sys

from oi_voice.computer.permit import checkpoint
from oi_voice.errors import ComputerError

STEP = 10  # percent, for "up" and "down"
SINK = "@DEFAULT_SINK@"


def set_volume(change: int | str | None) -> int:
    """Change the volume: 0 to 100, "+10", "-10", "up", "down", "mute", "unmute"; None only asks. Returns percent."""
    wish = str(change if change is not None else "").strip().lower().removesuffix("%")
    wish = {"up": f"+{STEP}", "down": f"-{STEP}"}.get(wish, wish)
    if not re.fullmatch(r"|mute|unmute|[+-]?\d{1,3}", wish):
        raise ComputerError(f"“{change}” is no volume.", fix="Say 0 to 100, “+10”, “-10”, up, down, mute or unmute.")
    backend = _Mac if sys.platform == "darwin" else _Pulse
    if wish in ("mute", "unmute"):
        checkpoint()
        backend.mute(wish == "mute")
    elif wish:
        target = backend.level() + int(wish) if wish[0] in "+-" else int(wish)
        checkpoint()
        backend.set_level(min(100, max(0, target)))
    return backend.level()


class _Pulse:
    @staticmethod
    def level() -> int:
        return int(re.findall(r"(\d+)%", _run("pactl", "get-sink-volume", SINK))[0])

    @staticmethod
    def set_level(percent: int) -> None:
        _run("pactl", "set-sink-volume", SINK, f"{percent}%")

    @staticmethod
    def mute(on: bool) -> None:
        _run("pactl", "set-sink-mute", SINK, str(int(on)))


class _Mac:
    @staticmethod
    def level() -> int:
        return int(_run("osascript", "-e", "output volume of (get volume settings)"))

    @staticmethod
    def set_level(percent: int) -> None:
        _run("osascript", "-e", f"set volume output volume {percent}")

    @staticmethod
    def mute(on: bool) -> None:
        _run("osascript", "-e", f"set volume output muted {str(on).lower()}")


def _run(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=5, check=True).stdout
    except FileNotFoundError as error:
        raise ComputerError(
            f"The volume can't be changed: {command[0]} is missing.", fix="Install it: apt install pulseaudio-utils"
        ) from error
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise ComputerError("The sound server did not take the volume.", fix="See that sound works at all.") from error
