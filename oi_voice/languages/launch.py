"""Launching a kernel of this very Python, reached through sockets that nobody else can find.

``jupyter_client`` is imported late: it costs a quarter of a second. Its ``KernelManager`` stays aside, for it
notices a death by polling and waits a fixed 0.2 s more at the start; launcher, client and wire format are used.
"""

from __future__ import annotations

import contextlib
import importlib
import secrets
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from oi_voice import folders

# The kernel must not outlive us, not even after kill -9. On Linux the system sees to it (1 is PR_SET_PDEATHSIG), at
# once and even while a C call blocks the kernel; elsewhere ipykernel looks for its parent every second.
BOOT = """
import os, sys
if sys.platform == "linux":
    import ctypes, signal
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
sys.path.append(sys.argv.pop(1))
from ipykernel.kernelapp import IPKernelApp
from oi_voice.languages.inside import install
app = IPKernelApp.instance()
app.initialize()
install(app)
app.start()
"""
HOME = str(Path(__file__).parents[2])  # where the kernel, which has no working directory, finds this package
OPTIONS = (
    "--IPKernelApp.capture_fd_output=False",  # that is done inside, capped
    "--InteractiveShell.xmode=Plain",
    "--InteractiveShell.colors=NoColor",
    "--HistoryManager.enabled=False",  # what runs here is not the person's own IPython history
)


def load() -> None:
    """Import what ``launch`` needs; takes a quarter of a second the first time."""
    for module in ("asynchronous", "connect", "launcher"):
        importlib.import_module(f"jupyter_client.{module}")


@contextlib.contextmanager
def socket_directory() -> Iterator[Path]:
    """A private directory for a kernel's sockets, there until both ends have connected.

    Afterwards, without names, nobody else can connect, and nothing stays behind, however either side ends.
    """
    room = folders.place("oiv-12345678/k-5")
    with tempfile.TemporaryDirectory(prefix="oiv-", dir=room, ignore_cleanup_errors=True) as directory:
        yield Path(directory)


def launch(directory: Path, env: Mapping[str, str]) -> tuple[subprocess.Popen[bytes], Any, IO[bytes]]:
    """Start a kernel: its process, a client whose channels are open, and the file for complaints at its start.

    Raises ``OSError`` when no process can be had.
    """
    from jupyter_client.asynchronous import AsyncKernelClient
    from jupyter_client.connect import write_connection_file
    from jupyter_client.launcher import launch_kernel

    where = {"transport": "ipc", "ip": str(directory / "k")} if _ipc() else {"transport": "tcp", "ip": "127.0.0.1"}
    key = secrets.token_hex(32).encode()
    path, connection = write_connection_file(str(directory / "kernel.json"), key=key, **where)
    command = [sys.executable, "-P", "-c", BOOT, HOME, "-f", path, f"--ipython-dir={directory}", *OPTIONS]
    log = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the kernel
    try:
        # On this thread, not another: the kernel is to die with the thread that made it.
        process = launch_kernel(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=dict(env))
    except OSError:
        log.close()
        raise
    client = AsyncKernelClient()
    client.load_connection_info(connection)
    client.start_channels(stdin=False, hb=False)
    return process, client, log


async def connect_input(client: Any) -> Any:
    """The channel on which the kernel asks for lines, connected: its address has a name only for now."""
    import zmq

    client.context.setsockopt(zmq.IMMEDIATE, 1)  # writable only once connected
    await client.stdin_channel.socket.poll(flags=zmq.POLLOUT)
    return client.stdin_channel


def _ipc() -> bool:
    return hasattr(socket, "AF_UNIX") and sys.platform != "win32"
