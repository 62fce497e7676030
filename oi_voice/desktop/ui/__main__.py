"""The windows' process. It ends with its stdin, and with its parent even where that dies hard."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main() -> int:
    """Keep stdout for JSON alone, whatever a library prints. The last line on stderr is the reason for an end."""
    out = os.dup(1)
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is the parent's to answer
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or "QT_QPA_PLATFORM" in os.environ):
            return _fail("there is no display; start oi_voice inside a desktop session")
    try:
        from oi_voice.desktop.ui.app import run
    except ImportError as error:
        return _fail(f"Qt can't be loaded ({error}); install it with: pip install PySide6-Essentials")
    return run(sys.stdin.buffer, out)


def _fail(why: str) -> int:
    sys.stderr.write(why + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
