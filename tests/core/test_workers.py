"""Threads of ours, the end of the process, and signals to it."""

from __future__ import annotations

import subprocess
import sys

import pytest

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


GIVEN_TO_ANOTHER = """
import asyncio, queue, signal, threading
from oi_voice.runtime import Core
from oi_voice.waiting import happened, taken
def interrupt():
    signal.pthread_kill(threading.get_ident(), signal.SIGINT)
later = threading.Timer(0.3, interrupt)
later.daemon = True
later.start()
try:
    {wait}
except KeyboardInterrupt:
    print("interrupted")
"""
WAITS = ("Core().call(asyncio.Event().wait())", "taken(queue.SimpleQueue())", "happened(threading.Event())")


@pytest.mark.skipif(sys.platform == "win32", reason="there a signal has no thread")
@pytest.mark.parametrize("wait", WAITS)
def test_a_signal_that_another_thread_was_given_is_answered(wait: str) -> None:
    code = GIVEN_TO_ANOTHER.replace("{wait}", wait)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout) == (0, "interrupted\n"), done.stderr
