"""What is left behind: by a hundred interpreters that were opened and dropped, and by a program that was killed."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import psutil
import pytest
from runs import children, text

from oi_voice import OpenInterpreter
from oi_voice.testing.processes import ended

PROGRAM = """
import sys
from oi_voice import OpenInterpreter
interpreter = OpenInterpreter(conversation_history=False, llm={"model": "commands"})
run = interpreter.computer.run
run("python", "import subprocess; subprocess.Popen(['sleep', '600'], start_new_session=True)")
run("shell", "setsid sleep 600 & (nohup sleep 600 >/dev/null 2>&1 &) ; sleep 600 &")
run("javascript", "require('child_process').spawn('sleep', ['600'], {detached: true}).unref()")
print("up", flush=True)
for piece in run("python", "while True: pass", stream=True):
    pass
"""


def test_a_hundred_interpreters_leave_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    us = psutil.Process()
    opened_and_dropped()
    gc.collect()
    threads, descriptors, before = us.num_threads(), us.num_fds(), children()
    for number in range(100):
        opened_and_dropped("shell" if number % 10 == 0 else "")
    gc.collect()
    assert all(ended(pid, 10.0) for pid in children() - before)
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and thread.name in ("core", "blocking", "family", "kernel watch"):
            thread.join(10.0)
    assert us.num_threads() <= threads
    assert us.num_fds() <= descriptors
    assert list(tmp_path.rglob("*")) == []


def opened_and_dropped(language: str = "") -> None:
    interpreter = OpenInterpreter(conversation_history=False, llm={"model": "commands"})
    if language:
        text(interpreter, language, "echo hello")
    else:
        assert interpreter.computer.languages


@pytest.mark.slow
def test_kill_9_of_the_program_leaves_no_process_and_no_file(tmp_path: Path) -> None:
    env = {**os.environ, "TMPDIR": str(tmp_path)}
    process = subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, env=env)
    assert process.stdout
    assert process.stdout.readline() == b"up\n"
    below = [one.pid for one in psutil.Process(process.pid).children(recursive=True)]
    marked = {pid for pid in psutil.pids() if _mentions(pid, str(tmp_path))} - {process.pid, os.getpid()}
    assert len(marked) >= 7
    process.kill()
    process.wait()
    process.stdout.close()
    assert [pid for pid in {*below, *marked} if not ended(pid, 3.0)] == []
    assert list(tmp_path.rglob("*")) == []


def _mentions(pid: int, word: str) -> bool:
    try:
        return word.encode() in Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return False


def test_a_temporary_folder_with_a_long_name_is_no_hindrance(tmp_path: Path) -> None:
    """A socket's name has a little more than a hundred characters at most."""
    long = tmp_path / ("x" * 100)
    long.mkdir()
    program = """
from oi_voice import interpreter
interpreter.conversation_history = False
for language, code in ("python", "print(computer.clipboard.__class__.__name__)"), ("shell", "echo hi"):
    print(interpreter.computer.run(language, code))
"""
    env = {**os.environ, "TMPDIR": str(long)}
    done = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "hi" in done.stdout
    assert list(long.iterdir()) == []
