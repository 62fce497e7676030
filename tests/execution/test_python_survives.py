"""What Python code may do to the assistant, each through the public API: every test ends by itself."""

from __future__ import annotations

import pytest
from runs import stopped_at, text

from oi_voice import OpenInterpreter
from oi_voice.errors import LanguageError
from oi_voice.testing.processes import ended

LOOPS = {
    "busy": "print('on', flush=True)\nwhile True: pass",
    "catches all": "print('on', flush=True)\nwhile 1:\n  try:\n    while 1: pass\n  except BaseException: pass",
    "deaf": "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\nprint('on', flush=True)\nwhile True: pass",
    "in C": "print('on', flush=True)\nsum(range(10**14))",
    "flood": "while True: print('on' * 500_000)",
}
SLEEPERS = """
import subprocess
x = 1
for number in range(50):
    sleeper = subprocess.Popen(['sleep', '600'], start_new_session=number % 2 == 0)
    print(sleeper.pid)
print('born', flush=True)
while True: pass
"""
LATE = """
import threading
go = threading.Event()
def speak():
    go.wait()
    print('a late word')
    done.set()
done = threading.Event()
threading.Thread(target=speak).start()
print('over')
"""


@pytest.mark.parametrize(
    ("code", "how"),
    [
        ("import os; os._exit(7)", "exit code 7"),
        ("import ctypes; ctypes.string_at(0)", "SIGSEGV"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "SIGKILL"),
    ],
)
def test_a_death_is_told_with_its_cause(interpreter: OpenInterpreter, code: str, how: str) -> None:
    with pytest.raises(LanguageError, match=how) as caught:
        text(interpreter, "python", code)
    assert "variables are lost" in str(caught.value)
    assert text(interpreter, "python", "print(1 + 1)") == "2\n"


@pytest.mark.parametrize("kind", ["busy", "flood"])
def test_a_loop_is_stopped_and_the_variables_are_kept(interpreter: OpenInterpreter, kind: str) -> None:
    text(interpreter, "python", "kept = 42")
    assert stopped_at(interpreter, "python", LOOPS[kind], "on").startswith("on")
    assert text(interpreter, "Python", "print(kept)") == "42\n"


def test_a_loop_that_hears_nothing_is_ended(interpreter: OpenInterpreter) -> None:
    text(interpreter, "python", "kept = 42")
    stopped_at(interpreter, "python", LOOPS["deaf"], "on")
    assert "NameError" in text(interpreter, "python", "print(kept)")


@pytest.mark.parametrize("kind", ["catches all", "in C"])
def test_what_mostly_hears_nothing_ends(interpreter: OpenInterpreter, kind: str) -> None:
    stopped_at(interpreter, "python", LOOPS[kind], "on")
    assert text(interpreter, "python", "print(6 * 7)") == "42\n"


def test_fifty_processes_are_gone_after_a_stop(interpreter: OpenInterpreter) -> None:
    seen = stopped_at(interpreter, "python", SLEEPERS, "born")
    assert text(interpreter, "python", "print(x)") == "1\n"
    sleepers = [int(line) for line in seen.split() if line.isdigit()]
    assert len(sleepers) == 50
    assert all(ended(pid, 3.0) for pid in sleepers)


def test_what_an_earlier_run_started_lives_on_when_a_later_one_is_stopped(interpreter: OpenInterpreter) -> None:
    started = "import subprocess\nserver = subprocess.Popen(['sleep', '600'])"
    text(interpreter, "python", started)
    stopped_at(interpreter, "python", LOOPS["busy"], "on")
    assert text(interpreter, "python", "print(server.poll())") == "None\n"


def test_input_without_a_person_says_why(interpreter: OpenInterpreter) -> None:
    said = text(interpreter, "python", "name = input('Your name? ')")
    assert "Your name?" in said
    assert "EOFError" in said
    assert "nobody is there" in said


def test_a_long_line_is_cut_and_kept_in_a_file(interpreter: OpenInterpreter) -> None:
    said = text(interpreter, "python", "print('ab' * 5_000_000)")
    assert len(said) < 30_000
    path = said.rpartition(" are in ")[2].strip()
    with open(path, encoding="utf-8") as file:  # noqa: PTH123 - as code that reads it would
        assert file.read() == "ab" * 5_000_000 + "\n"


def test_what_a_thread_prints_later_is_told_as_that(interpreter: OpenInterpreter) -> None:
    assert text(interpreter, "python", LATE) == "over\n"
    said = text(interpreter, "python", "go.set(); done.wait(); print('mine')")
    assert said.index("mine") >= 0
    late = text(interpreter, "python", "print('next')") if "a late word" not in said else said
    assert "earlier code" in late
    assert "a late word" in late


def test_python_has_one_state_by_all_of_its_names(interpreter: OpenInterpreter) -> None:
    text(interpreter, "py", "x = 1")
    assert text(interpreter, "Python", "x += 1; print(x)") == "2\n"
    assert text(interpreter, "python3", "print(x)") == "2\n"
