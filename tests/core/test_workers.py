"""Threads of ours, and the end of the process."""

from __future__ import annotations

import subprocess
import sys

WORKS_ON = """
import threading
from oi_voice.runtime import Worker
at_it, go_on = threading.Event(), threading.Event()
def work():
    at_it.set()
    go_on.wait()
    print("done")
worker = Worker("test")
worker.send(work)
worker.close()
at_it.wait()
later = threading.Timer(0.2, go_on.set)
later.daemon = True
later.start()
"""


def test_what_a_closed_worker_is_at_is_finished_before_the_process_ends() -> None:
    done = subprocess.run([sys.executable, "-c", WORKS_ON], capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr


def test_what_never_ends_does_not_keep_the_process() -> None:
    code = WORKS_ON.replace("go_on.wait()", "threading.Event().wait()")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
