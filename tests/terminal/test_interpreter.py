"""The real ``interpreter`` program on a real terminal, with the real kernel and the built-in commands."""

from __future__ import annotations

import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pseudo_terminal import Terminal

from oi_voice.terminal.render import visible

ASKED = r"Run this\? \[y/n/e(/a)?/\?\] "
COMMAND = (sys.executable, "-c", "from oi_voice.app import interpreter; raise SystemExit(interpreter())")


@pytest.fixture
def terminal() -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def open_one(*arguments: str) -> Terminal:
        opened.append(Terminal(*COMMAND, *arguments))
        return opened[-1]

    yield open_one
    for each in opened:
        each.close()


def test_a_question_is_asked_run_and_answered(terminal: Callable[..., Terminal]) -> None:
    it = terminal("--model", "commands")
    it.until("Using the built-in commands")
    it.until("> ")
    it.type("what is thirty four times twelve\n")
    assert "print(34 * 12)" in it.until(ASKED)
    it.type("y\n")
    it.until("34 times 12 is 408")
    it.until("> ")


def test_the_question_says_what_the_code_would_do_and_how_much_is_at_stake(
    terminal: Callable[..., Terminal],
) -> None:
    it = terminal("--model", "commands")
    it.until("> ")
    it.type("what is 3 plus 4\n")
    assert "Only reads\x1b[0m ── Computes and shows a result; changes nothing.\n" in it.until(ASKED)


def test_a_no_is_a_no(terminal: Callable[..., Terminal]) -> None:
    it = terminal("--model", "commands")
    it.until("> ")
    it.type("what is 3 plus 4\n")
    it.until(ASKED)
    it.type("n\n")
    assert "Declined" in it.until("> ")


@pytest.mark.parametrize("answer", ["", "yes please", "maybe", "Y E S", "\x1b[200~y\x1b[201~", "s"])
def test_what_is_no_answer_is_asked_for_once_more_and_then_is_a_no(
    terminal: Callable[..., Terminal], answer: str
) -> None:
    it = terminal("--model", "commands")
    it.until("> ")
    it.type("what is 3 plus 4\n")
    it.until(ASKED)
    it.type(f"{answer}\n")
    assert re.search(r"Please answer y, n, e(, a)? or \?\.", it.until(ASKED))
    it.type(f"{answer}\n")
    assert "Declined" in it.until("> ")


def test_a_yes_typed_before_the_question_is_no_answer(terminal: Callable[..., Terminal]) -> None:
    it = terminal("--model", "commands")
    it.until("> ")
    it.type("what is 3 plus 4\ny\n")
    it.until(ASKED)
    it.type("n\n")
    assert "Declined" in it.until("> ")


def test_with_y_nothing_is_asked(terminal: Callable[..., Terminal]) -> None:
    it = terminal("--model", "commands", "-y")
    it.until("> ")
    it.type("what is 3 plus 4\n")
    assert "Run this?" not in it.until("3 plus 4 is 7")


def test_with_y_reads_what_only_computes_is_not_asked_about(terminal: Callable[..., Terminal]) -> None:
    it = terminal("--model", "commands", "-y", "reads")
    it.until("> ")
    it.type("what is 3 plus 4\n")
    assert "Run this?" not in it.until("3 plus 4 is 7")
    it.until("> ")
    it.type("open the calculator\n")
    it.until(ASKED)


def test_a_profile_may_let_what_reads_run(terminal: Callable[..., Terminal], tmp_path: Path) -> None:
    profile = tmp_path / "reads.yaml"
    profile.write_text("auto_run: reads\nllm:\n  model: commands\n")
    it = terminal("--profile", str(profile))
    it.until("> ")
    it.type("what is 3 plus 4\n")
    assert "Run this?" not in it.until("3 plus 4 is 7")


def test_ctrl_c_stops_the_question_and_twice_leaves(terminal: Callable[..., Terminal]) -> None:
    it = terminal("--model", "commands")
    it.until("> ")
    it.type("what is 3 plus 4\n")
    it.until(ASKED)
    it.type("\x03")
    it.until("> ")
    it.type("\x03")
    it.until("once more")
    it.type("\x03")
    assert it.process.wait(10) == 0


def test_piped_lines_are_answered_one_after_the_other_and_the_end_is_a_no() -> None:
    lines = "what is 3 plus 4\ny\nwhat is 5 plus 5\n"
    done = subprocess.run(
        [*COMMAND, "--model", "commands"], input=lines, capture_output=True, text=True, timeout=60, check=True
    )
    assert "3 plus 4 is 7" in done.stdout
    assert "Declined" in done.stdout
    assert "10" not in done.stdout.split("Declined")[1]


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGHUP])
def test_it_ends_when_told_to_even_while_code_is_asked_about(
    terminal: Callable[..., Terminal], ending: signal.Signals
) -> None:
    it = terminal("--model", "commands")
    it.until("> ")
    it.type("what is 3 plus 4\n")
    it.until(ASKED)
    it.process.send_signal(ending)
    assert it.process.wait(10) == 0


def test_it_ends_when_nobody_can_see_it_any_more() -> None:
    with Path("/dev/full").open("w") as full:
        asked = subprocess.Popen([*COMMAND, "--model", "commands"], stdin=subprocess.PIPE, stdout=full, stderr=full)
    assert asked.stdin
    asked.stdin.write(b"what can i say\n")
    asked.stdin.flush()
    asked.wait(30)
    asked.stdin.close()


def test_without_any_input_it_ends() -> None:
    subprocess.run(f"{shlex.join(COMMAND)} --model commands <&-", shell=True, check=True, timeout=30)


def test_a_model_that_refuses_is_told_with_the_fix(terminal: Callable[..., Terminal]) -> None:
    it = terminal("--model", "openai/none", "--api_base", "http://127.0.0.1:9/v1", "--api_key", "x")
    it.until("> ")
    it.type("hello\n")
    told = it.until(r"error: .*\n", 60)
    assert "127.0.0.1:9" in told
    it.until("> ")


def test_nothing_shown_can_drive_the_terminal() -> None:
    assert visible("a\x1b[2Jb\u202ec\n") == "a⟨U+001B⟩[2Jb⟨U+202E⟩c\n"


# --- magic commands


def test_a_shell_command_has_the_terminal_to_itself(terminal: Callable[..., Terminal]) -> None:
    it = terminal("--model", "commands")
    it.until("> ")
    it.type("%% test -t 0 && echo ready; read word; echo got:$word:\n")
    it.until(r"\nready\n")
    it.type("hello\n")
    it.until("\ngot:hello:\n")
    it.until("> ")
    it.type("what is 3 plus 4\n")
    it.until(ASKED)


def test_ctrl_c_stops_a_shell_command_and_the_chat_goes_on(terminal: Callable[..., Terminal]) -> None:
    it = terminal("--model", "commands")
    it.until("> ")
    # "ready" comes from the program that is to be stopped: dash's own child ignores a Ctrl-C in the moment it is made
    it.type("%% sh -c 'echo ready; exec sleep 60'; echo after\n")
    it.until(r"\nready\n")
    it.type("\x03")
    assert "\nafter" not in it.until(r"\(stopped\)\n> ")
    it.type("%info\n")
    assert "once more" not in it.until(r"Python 3[^>]*> ")


def test_it_ends_when_told_to_while_a_shell_command_runs(terminal: Callable[..., Terminal]) -> None:
    it = terminal("--model", "commands")
    it.until("> ")
    it.type("%% echo ready; exec sleep 60\n")
    it.until(r"\nready\n")
    it.process.send_signal(signal.SIGTERM)
    assert it.process.wait(10) == 0


@pytest.mark.parametrize("value", ["true", "reads"])
@pytest.mark.parametrize(("answer", "told"), [("y", "auto_run is (on|reads):"), ("", "auto_run stays off")])
def test_auto_run_goes_on_after_a_yes_typed_to_that_very_question(
    terminal: Callable[..., Terminal], value: str, answer: str, told: str
) -> None:
    it = terminal("--model", "commands")
    it.until("> ")
    it.type(f"%auto_run {value}\ny\n")  # as code that ran could have typed it
    it.until(r"from now on without asking\? \[y/n\] ")
    it.type(f"{answer}\n")
    it.until(told)


def test_an_entry_of_several_lines_is_prompted_for_and_dropped_by_ctrl_c(terminal: Callable[..., Terminal]) -> None:
    it = terminal("--model", "commands")
    it.until("> ")
    it.type('"""\n')
    it.until(r"\.\.\. ")
    it.type("what is\n")
    it.until(r"\.\.\. ")
    it.type("\x03")
    it.until("> ")
    it.type('"""\nwhat is 3 plus 4\n"""\n')
    assert "print(3 + 4)" in it.until(ASKED)


def test_verbose_tells_each_step_on_standard_error() -> None:
    lines = "%verbose\nwhat is 3 plus 4\n"
    command = [*COMMAND, "--model", "commands", "-y"]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, timeout=60, check=True)
    assert re.search(r"oi_voice: running \d+ characters of python", done.stderr)
    quiet = subprocess.run([*COMMAND, "--model", "commands"], input="%verbose\n%verbose false\nwhat can i say\n",
                           capture_output=True, text=True, timeout=60, check=True)  # fmt: skip
    assert "oi_voice: " not in quiet.stderr
