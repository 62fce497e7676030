"""What shell and JavaScript code may do to the assistant, each through the public API: every test ends by itself."""

from __future__ import annotations

import threading

import pytest
from runs import stopped_at, text

from oi_voice import OpenInterpreter
from oi_voice.errors import LanguageError
from oi_voice.testing.processes import ended


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("echo before; exit 3", "before\n"),
        ("echo 'unbalanced", "unexpected EOF"),
        ("cat", ""),
        ("read word; echo got:$word:", "got::\n"),
        ("yes | head -2", "y\ny\n"),
        ("cat <<END\nhere\nEND", "here\n"),
        ("printf '\\036%032d 0\\036' 0; echo after", "after\n"),
        ("set -x; echo traced", "traced\n"),
        ("set -e; false; echo not", ""),
    ],
)
def test_it_ends_and_the_shell_goes_on(interpreter: OpenInterpreter, code: str, said: str) -> None:
    text(interpreter, "shell", "cd /usr; kept=42; export also=43; f() { echo $1 $kept $also; }")
    assert said in text(interpreter, "bash", code)
    assert "/usr 42 43\n" in text(interpreter, "sh", "set +ex; f $PWD")


@pytest.mark.parametrize(
    "code",
    ["unset -f $(compgen -A function)", "unset __oi_mark __oi_told", "command() { echo C; }", "exit() { :; }; exit"],
)
def test_code_that_takes_our_own_things_away_ends(interpreter: OpenInterpreter, code: str) -> None:
    text(interpreter, "shell", code)
    interpreter.computer.terminate()
    assert text(interpreter, "shell", "echo hello") == "hello\n"


def test_what_was_printed_before_a_death_is_not_lost(interpreter: OpenInterpreter) -> None:
    with pytest.raises(LanguageError, match="SIGKILL") as caught:
        interpreter.computer.run("shell", "echo before; kill -9 $$")
    assert caught.value.output[0]["content"] == "before\n"


def test_an_error_that_cannot_be_described_ends_the_run(interpreter: OpenInterpreter) -> None:
    for code in (
        "const e = new SyntaxError('m'); e.stack = undefined; throw e",
        "throw {[Symbol.for('nodejs.util.inspect.custom')]() { throw new Error('x') }}",
    ):
        assert "cannot be described" in text(interpreter, "javascript", code)
    assert text(interpreter, "javascript", "1 + 1") == "2\n"


def test_a_background_job_holds_nothing_up_and_lives_on(interpreter: OpenInterpreter) -> None:
    said = text(interpreter, "shell", "sleep 600 & echo started $!")
    pid = int(said.split("started ")[1].split()[0])
    assert "alive" in text(interpreter, "shell", f"kill -0 {pid} && echo alive")
    interpreter.computer.terminate()
    assert ended(pid, 3.0)


@pytest.mark.parametrize(
    "code", ["echo on; sleep 600", "echo on; while :; do :; done", "echo on; yes", "trap '' INT; echo on; sleep 600"]
)
def test_what_does_not_end_is_stopped_and_the_shell_goes_on(interpreter: OpenInterpreter, code: str) -> None:
    text(interpreter, "shell", "kept=42")
    stopped_at(interpreter, "shell", code, "on")
    assert text(interpreter, "shell", "echo $kept") == "42\n"


def test_an_endless_loop_in_javascript_is_stopped_and_its_variables_are_kept(interpreter: OpenInterpreter) -> None:
    text(interpreter, "javascript", "const kept = 42")
    stopped_at(interpreter, "js", "console.log('on'); while (true) {}", "on")
    assert text(interpreter, "node", "console.log(kept)") == "42\n"


def test_a_question_is_heard_through_the_noise_of_others(interpreter: OpenInterpreter) -> None:
    code = "(while :; do echo noise; sleep .05; done) & read -p 'name? ' name; kill $!; echo \"<$name>\""
    assert "<>" in text(interpreter, "shell", code)


def test_a_run_whose_process_was_ended_on_request_says_so(interpreter: OpenInterpreter) -> None:
    with pytest.raises(LanguageError, match="was ended"):
        for chunk in interpreter.computer.run("shell", "echo on; sleep 600", stream=True):
            if chunk.get("content") == "on\n":
                threading.Thread(target=interpreter.computer.terminate).start()
    assert text(interpreter, "shell", "echo hello") == "hello\n"
