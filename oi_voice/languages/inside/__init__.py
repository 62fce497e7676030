"""What runs inside a kernel of ours, beside the person's code: it tells what runs, cuts floods, asks the person.

``install`` sets it up, in the kernel's own process.
"""

from __future__ import annotations

import os
from typing import Any

from oi_voice.languages.inside.asking import Asking
from oi_voice.languages.inside.commands import mend_commands
from oi_voice.languages.inside.messages import mend_messages
from oi_voice.languages.inside.outlet import Outlet
from oi_voice.languages.inside.owners import mark_threads
from oi_voice.languages.inside.runs import Runs
from oi_voice.languages.inside.streams import replace_streams
from oi_voice.languages.inside.tracer import Lines
from oi_voice.languages.inside.traces import trim_tracebacks


def install(app: Any) -> None:
    """Set up the kernel of an ``IPKernelApp`` that has been initialized and not started yet."""
    kernel = app.kernel
    send = mend_messages(kernel.session)
    outlet = Outlet(kernel.iopub_thread, lambda *message, parent: send(kernel.iopub_socket, *message, parent=parent))
    kernel.session.send = outlet.instead_of(send)
    silent = open(os.devnull, "w")  # noqa: SIM115, PTH123 - for as long as the kernel lives
    for handler in app.log.handlers:  # they write to where the code's output is caught
        handler.setStream(silent)
    mark_threads()
    replace_streams(outlet)
    Runs(kernel, outlet)
    Asking(kernel, outlet)
    Lines(kernel, outlet)
    trim_tracebacks(kernel.shell)
    if os.name == "posix":
        mend_commands(kernel.shell)
