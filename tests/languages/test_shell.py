"""The shell, a real one: what it keeps, and what code may do to it. Each test ends by itself."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from kernel_runs import begin, chunks, notices, text
from people import Typist

from oi_voice.errors import LanguageError
from oi_voice.languages import foreground
from oi_voice.languages.host import Host, nobody
from oi_voice.languages.session import Session
from oi_voice.languages.shell import SHELL
from oi_voice.ports import Ask
from oi_voice.runtime import in_thread
from oi_voice.testing.processes import ended

Make = Callable[..., Session]
STATE = """cd /usr; export also=43; kept='4"2'; list=(1 "2 3"); declare -A map=([k]=v)
f() { echo "$1 $kept $also ${list[1]} ${map[k]}"; }
alias greet='echo hello'; readonly fixed=1; shopt -s extglob; umask 027"""
STATE_TOLD = '/usr 4"2 43 2 3 v\nhello\n1 0027\n'
TELL = 'f "$PWD"; greet; echo "$fixed $(umask)"; [[ ab == @(ab|c) ]]'


@pytest_asyncio.fixture
async def make() -> AsyncIterator[Make]:
    made: list[Session] = []

    def make(ask: Ask = nobody, *programs: str) -> Session:
        dialect = replace(SHELL, programs=programs or SHELL.programs)
        made.append(Session(dialect, Host(ask=ask)))
        return made[-1]

    yield make
    for session in made:
        await session.close()
        await session.host.family.close()


@pytest.fixture
def shell(make: Make) -> Session:
    return make()


@pytest.fixture(params=["bash", "dash"])
def either(make: Make, request: pytest.FixtureRequest) -> Session:
    if not shutil.which(request.param):
        pytest.skip(f"no {request.param}")
    return make(nobody, request.param)


async def test_its_names(shell: Session) -> None:
    assert shell.name == "shell"
    assert {"bash", "sh", "zsh", "terminal"} <= set(shell.aliases)
    assert shell.available


async def test_a_warm_echo_takes_no_time(either: Session) -> None:
    await text(either, "echo cold")
    taken = []
    for _ in range(20):
        begun = time.perf_counter()
        assert await text(either, "echo warm") == "warm\n"
        taken.append(time.perf_counter() - begun)
    assert sorted(taken)[10] < 0.02


async def test_all_its_state_is_kept(shell: Session) -> None:
    assert await text(shell, STATE) == ""
    assert await text(shell, TELL) == STATE_TOLD


@pytest.mark.parametrize("leave", ["exit 3", "f x >/dev/null; (exit 3); exit", "set -e; (exit 3)", "set -x; exit 3"])
async def test_its_state_is_kept_across_its_end(shell: Session, leave: str) -> None:
    await text(shell, STATE)
    assert (await text(shell, f"echo before; {leave}; echo after")).endswith("exit status 3\n")
    assert await notices(shell, "true") == ""
    assert await text(shell, "set +x; " + TELL) == STATE_TOLD
    assert await text(shell, "false; echo goes on") == "goes on\n"


@pytest.mark.parametrize("leave", ["exit", "exit 0", "trap 'echo bye' EXIT; exit 3"])
async def test_an_end_that_says_nothing(shell: Session, leave: str) -> None:
    await text(shell, "kept=1")
    assert await text(shell, leave) in ("", "bye\nexit status 3\n")
    assert await text(shell, "echo $kept; trap | grep bye") == "1\nexit status 1\n"


async def test_an_exit_in_a_subshell_is_that_ones(shell: Session) -> None:
    assert await text(shell, 'kept=$(echo a; exit 4); echo "$kept $?"; (exit 5); echo $?; echo | exit 6; echo $?') == (
        "a 4\n5\n6\n"
    )


async def test_the_last_status_is_kept(shell: Session) -> None:
    assert await text(shell, "(exit 7)") == "exit status 7\n"
    assert await text(shell, "echo $?") == "7\n"
    assert await text(shell, "exit 8") == "exit status 8\n"
    assert await text(shell, "echo $?") == "8\n"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("exit 3", "exit status 3\n"),
        ("echo 'unbalanced", ""),
        ('echo "unbalanced', ""),
        ("echo $(", ""),
        ("echo $(cat", ""),
        ("echo `", ""),
        ("echo ${", ""),
        ("((", ""),
        ("if true", ""),
        ("g() {", ""),
        ("case x in", ""),
        ("}", ""),
        (")", ""),
        (";;", ""),
        ("echo end\\", "end"),
        ("", ""),
        ("# nothing", ""),
        ("cat", ""),
        ("cat <<END\nhere\nEND", "here\n"),
        ("cat <<END\nhere", "here"),
        ("cat <<'END'\n$HOME 'x'\nEND", "$HOME 'x'\n"),
        ("yes | head -2", "y\ny\n"),
        ("set -e; false; echo not", "exit status 1\n"),
        ("set -u; echo $nothing", ""),
        ("set -v", ""),
        ("echo ${nothing?is not there}", "is not there\n"),
        ("PS1='> '; PS2='more '; PROMPT_COMMAND='echo prompt'", ""),
        ("PS4=; set -x; echo traced", "traced\n"),
        ("printf '\\036%032d 0\\036' 0; echo after", "after\n"),
        ("stty raw -echo", ""),
        ("IFS=_; set -f; set -C", ""),
        ("alias echo='printf hm'", ""),
        ("printf() { :; }; eval() { :; }", ""),
        ("exec 2>/dev/null >/dev/null; echo lost", ""),
        ("head -c 100000 /dev/urandom", ""),
        ("return 3", ""),
        ("break; continue", ""),
        ("echo ünï $'\\xf0\\x9f'", "ünï"),
    ],
)
async def test_whatever_it_is_it_ends_and_the_shell_goes_on(either: Session, code: str, said: str) -> None:
    await text(either, "cd /usr; kept=42")
    assert said in await text(either, code)
    await text(either, "set +euvfxC; unset -f printf; unalias echo; IFS=' '")
    assert await text(either, "pwd; command printf '%s\\n' \"$kept\"") == "/usr\n42\n"


async def test_a_nul_is_refused_in_words(shell: Session) -> None:
    with pytest.raises(LanguageError, match="NUL") as caught:
        await text(shell, "echo a\0b")
    assert caught.value.code == "language.code"
    assert await text(shell, "echo on") == "on\n"


async def test_what_exec_replaces_is_told_and_the_directory_kept(shell: Session) -> None:
    await text(shell, "cd /usr")
    with pytest.raises(LanguageError, match=r"The shell ended by itself \(exit code 0\)"):
        await text(shell, "exec true")
    assert await text(shell, "pwd") == "/usr\n"


async def test_a_shell_that_ends_itself_hard_is_told(shell: Session) -> None:
    with pytest.raises(LanguageError, match=r"ended by itself \(signal SIGKILL\)"):
        await text(shell, "kill -9 $$")
    assert await text(shell, "echo on") == "on\n"


async def test_output_goes_to_the_terminal_again_after_exec(shell: Session, tmp_path: Path) -> None:
    assert await text(shell, f"exec >{tmp_path}/said; echo in") == ""
    assert await text(shell, "echo out") == "out\n"
    assert (tmp_path / "said").read_text() == "in\n"


async def test_a_long_block_and_a_long_line(either: Session) -> None:
    assert await text(either, "n=0\n" + "n=$((n + 1)) # counts\n" * 10_000 + "echo $n") == "10000\n"
    said = await chunks(either, "head -c 10000000 /dev/zero | tr '\\0' x")
    assert said[-1].content.startswith("All 10,000,000 characters of this output are in ")


async def test_a_letter_that_comes_in_pieces(shell: Session) -> None:
    assert await text(shell, "printf '\\xf0\\x9f'; sleep 0.05; printf '\\x8e\\x88\\n'") == "🎈\n"


# --- jobs


async def test_a_job_holds_nothing_up_lives_on_and_ends_with_us(shell: Session) -> None:
    said = await text(shell, "sleep 600 & echo hi $!")
    pid = int(said.split()[-1])
    assert "Running" in await text(shell, "jobs")
    await text(shell, "exit")
    assert not ended(pid, 0)
    await shell.host.family.close()
    assert ended(pid, 3)


async def test_a_job_ends_with_terminate(shell: Session) -> None:
    pid = int((await text(shell, "sleep 600 & echo hi $!")).split()[-1])
    await shell.terminate()
    assert ended(pid, 3)
    assert await text(shell, "jobs") == ""


async def test_what_a_job_prints_later_is_told_so(shell: Session, tmp_path: Path) -> None:
    go, done = tmp_path / "go", tmp_path / "done"
    os.mkfifo(go)
    os.mkfifo(done)
    await text(shell, f"{{ cat {go}; echo late; : >{done}; }} &")
    await in_thread(go.write_text, "now\n")
    await in_thread(done.read_bytes)
    said = await notices(shell, "true")
    assert said.startswith("Since then, earlier code has printed:\nnow\nlate\n")


async def test_a_job_does_not_take_the_input(make: Make) -> None:
    person = Typist("mine")
    shell = make(person)
    assert await text(shell, "cat >/dev/null & read line; echo got $line; kill %1; wait 2>/dev/null") != ""
    assert len(person.asked) == 1


# --- stopping


@pytest.mark.parametrize(
    "code",
    ["sleep 600", "yes", "while :; do :; done", "cat <(sleep 600)", "(sleep 600; true)", "sleep 600 | sleep 600"],
)
async def test_what_does_not_end_is_stopped_and_all_is_kept(shell: Session, code: str) -> None:
    await text(shell, "kept=42")
    task, _ = await begin(shell, f"echo on; {code}; echo not")
    begun = time.perf_counter()
    assert await shell.stop()
    assert time.perf_counter() - begun < 1.5
    assert (await task).startswith("on\n")
    assert await text(shell, "echo $kept") == "42\n"


async def test_who_ignores_interrupts_is_ended_and_all_is_kept(shell: Session) -> None:
    await text(shell, "kept=42")
    task, _ = await begin(shell, "trap '' INT; echo on; sleep 600")
    assert await shell.stop()
    assert "Killed" in await task
    assert await text(shell, "echo $kept") == "42\n"


async def test_a_shell_that_ignores_interrupts_is_ended_itself(shell: Session) -> None:
    task, _ = await begin(shell, "cd /usr; trap '' INT; echo on; while :; do :; done")
    assert not await shell.stop()
    with pytest.raises(LanguageError, match="would not stop"):
        await task
    assert await text(shell, "echo new") == "new\n"


async def test_fifty_sleepers_are_gone_after_a_stop(shell: Session) -> None:
    early = int((await text(shell, "sleep 600 & echo $!")).split()[-1])
    task, _ = await begin(shell, "for i in $(seq 50); do setsid sleep 600 & done 2>/dev/null; echo on; wait")
    assert await shell.stop()
    await task
    assert not ended(early, 0)
    assert len(shell.host.family.members()) == 2  # the shell and the sleeper


# --- input


@pytest.mark.parametrize(
    ("code", "asked", "secret"),
    [
        ("read -p 'Name? ' x; echo \"<$x>\"", "Name?", False),
        ('read x; echo "<$x>"', "The shell waits for input", False),
        ("read -s -p 'Word: ' x; echo \"<$x>\"", "Word:", True),
        ("read -n 2 -p 'Two: ' x; echo \"<$x>\"", "Two:", False),
        ("sh -c 'read x; echo \"<$x>\"'", "sh waits for input", False),
        ("head -1 | sed 's/.*/<&>/'", "head waits for input", False),
        ("f() { printf 'In f: '; head -1; }; echo \"<$(f)>\"", "head waits for input", False),
    ],
)
async def test_a_person_is_asked(make: Make, code: str, asked: str, secret: bool) -> None:
    person = Typist("it")
    said = await text(make(person), code)
    assert "<it>" in said.replace("<In f: ", "<")
    assert person.asked == [(asked, secret)]


async def test_a_person_types_at_python(make: Make) -> None:
    person = Typist("secret", "print(6 * 7)", "exit()")
    shell = make(person)
    getpass = "import getpass; print('<' + getpass.getpass() + '>')"
    assert await text(shell, f'{sys.executable} -c "{getpass}" </dev/null') == "Password: \n<secret>\n"
    assert "\n42\n" in await text(shell, sys.executable)
    assert person.asked == [("Password:", True), (">>>", False), (">>>", False)]


@pytest.mark.parametrize("code", ["python3 -c 'input()'", "python3", "read x", "sudo -k -S true", "cat; cat", "bash"])
async def test_nobody_there_holds_nothing_up(shell: Session, code: str) -> None:
    async with asyncio.timeout(10):
        said = await chunks(shell, code)
    if shutil.which(code.split()[0]):
        assert "nobody is there to answer" in "".join([chunk.content for chunk in said])
    assert await text(shell, "echo on") == "on\n"


@pytest.mark.parametrize("silent", [True, False])
async def test_where_processes_cannot_be_looked_into_the_screen_tells(
    make: Make, monkeypatch: pytest.MonkeyPatch, silent: bool
) -> None:
    monkeypatch.setattr(foreground, "PROC", Path("/nowhere"))
    person = Typist("it", None)
    shell = make(person)
    asks = f"read {'-s' if silent else ''} -p 'Word: ' x; echo \"<$x>\""
    assert "<it>" in await text(shell, asks)
    assert "The shell waited for input, but the person gave no answer" in await notices(shell, asks)
    assert person.asked == [("Word:", silent)] * 2


async def test_what_was_typed_and_not_read_never_runs(make: Make) -> None:
    shell = make(Typist("one\necho typed"))
    await text(shell, "read x")
    assert await text(shell, "echo on") == "on\n"


@pytest.mark.parametrize("name", ["vim -n", "less", "top", "more", "watch"])
async def test_what_takes_the_whole_screen_is_ended_in_words(shell: Session, name: str, tmp_path: Path) -> None:
    program = name.split()[0]
    if not shutil.which(program):
        pytest.skip(f"no {program}")
    file = tmp_path / "file"
    file.write_text("line\n" * 500)
    what = {"top": "", "watch": "true"}.get(program, str(file))
    async with asyncio.timeout(20):
        said = await notices(shell, f"kept=1; {name} {what}")
    assert said.startswith(f"{program} takes over the whole screen, which does not work here, so it was ended.\n")
    assert await text(shell, "echo $kept") == "1\n"


async def test_what_paints_the_screen_is_ended_whatever_its_name(shell: Session) -> None:
    paints = "import os, tty; tty.setraw(0); os.write(1, b'\\x1b[?1049h\\x1b[5;5Hhello'); os.read(0, 1)"
    assert "takes over the whole screen" in await notices(shell, f'{sys.executable} -c "{paints}"')
    assert await text(shell, "echo on") == "on\n"
