"""Commands that the code runs in a shell: stopped when the code is, with nobody at their input, and without colours."""

from __future__ import annotations

import os
import signal
import subprocess
from typing import Any

PLAIN = {"TERM": "dumb", "NO_COLOR": "1"}  # instead of ipykernel's, which is for a browser
COLOURS = ("FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE")


def mend_commands(shell: Any) -> None:
    """Replace ``os.system``, deaf to interrupts while its command runs, and IPython's, which makes a terminal."""

    def system(command: str) -> None:
        shell.user_ns["_exit_code"] = os.waitstatus_to_exitcode(_system(shell.var_expand(command, depth=1)))

    os.system = _system
    shell.system = system
    os.environ.update(PLAIN)
    for name in COLOURS:
        os.environ.pop(name, None)


def _system(command: Any) -> int:
    """Run a command; returns its wait status."""
    process = subprocess.Popen(command, shell=True, process_group=0)
    try:
        code = process.wait()
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise
    return code << 8 if code >= 0 else -code
