"""Sessions by way of a small language of the tests' own, each a real process on a real terminal."""

from __future__ import annotations

import asyncio
import base64
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from kernel_runs import begin, chunks, notices, text
from people import Typist
from tiny_driver import TINY

from oi_voice.errors import LanguageError
from oi_voice.languages.dialects import Dialect
from oi_voice.languages.host import Host, nobody
from oi_voice.languages.session import Session
from oi_voice.messages import Chunk, Kind, Role
from oi_voice.ports import Ask
from oi_voice.runtime import in_thread
from oi_voice.testing.processes import ended

Make = Callable[..., Session]


@pytest_asyncio.fixture
async def make() -> AsyncIterator[Make]:
    made: list[Session] = []

    def make(ask: Ask = nobody, dialect: Dialect = TINY) -> Session:
        made.append(Session(dialect, Host(ask=ask)))
        return made[-1]

    yield make
    for session in made:
        await session.close()
        await session.host.family.close()


@pytest.fixture
def tiny(make: Make) -> Session:
    return make()


async def dies(session: Session, code: str) -> LanguageError:
    with pytest.raises(LanguageError) as caught:
        await text(session, code)
    return caught.value


async def pid_of(session: Session) -> int:
    return int(await text(session, "import os; print(os.getpid())"))


async def test_state_is_kept_and_the_output_comes_as_it_was_written(tiny: Session) -> None:
    assert (tiny.name, tiny.aliases, tiny.file_extension, tiny.available) == ("tiny", ("ti",), "tiny", True)
    assert await chunks(tiny, "a = 6") == []
    assert await chunks(tiny, "print(a * 7)") == [Chunk(Role.COMPUTER, Kind.CONSOLE, "42\n", "output")]


async def test_output_is_there_while_the_code_runs(tiny: Session) -> None:
    task, first = await begin(tiny, "print('on'); import time; time.sleep(600)")
    assert first == "on\n"
    assert await tiny.stop()
    assert "Interrupted" in await task


async def test_errors_are_text(tiny: Session) -> None:
    assert await text(tiny, "1 / 0") == "ZeroDivisionError: division by zero\n"


async def test_a_program_cannot_know_the_end(tiny: Session) -> None:
    fake = "\x1e" + "0" * 32 + " ok\x1e"
    assert await text(tiny, f"print({fake!r}, end='')") == fake
    assert await text(tiny, "print('next')") == "next\n"


async def test_a_picture_is_shown_where_it_was_made(tiny: Session, tmp_path: Path) -> None:
    path = tmp_path / "a picture.png"
    path.write_bytes(b"png")
    code = f"print('a'); terminal.write('\\x1e' + mark + ' picture {path}\\x1e'); terminal.flush(); print('b')"
    picture = Chunk(Role.COMPUTER, Kind.IMAGE, base64.b64encode(b"png").decode(), "base64.png")
    assert picture in await chunks(tiny, code)
    assert not path.exists()
    assert await text(tiny, code) == "a\nb\n"  # a file that is not there is not shown


async def test_a_long_text_is_cut_and_kept_in_a_file(tiny: Session) -> None:
    said = await chunks(tiny, "print('x' * 10_000_000)")
    shown = "".join([chunk.content for chunk in said if chunk.format == "output"])
    assert len(shown) < 21_000
    assert "characters left out" in shown
    assert said[-1].format == "notice"
    assert os.stat(said[-1].content.split(" are in ")[1].strip()).st_size == 10_000_001  # noqa: PTH116


async def test_runs_take_turns(tiny: Session) -> None:
    both = await asyncio.gather(text(tiny, "print('a'); print('b')"), text(tiny, "print('c'); print('d')"))
    assert sorted(both) == ["a\nb\n", "c\nd\n"]


async def test_leaving_early_drops_the_rest_and_the_next_run_waits(tiny: Session) -> None:
    async with aclosing(tiny.run("print('on'); import time; time.sleep(0.2); print('late'); x = 5", "r")) as stream:
        assert (await anext(stream)).content == "on\n"
    assert await text(tiny, "print(x)") == "5\n"


@pytest.mark.parametrize("bad", ["'\ud800'", "x = '\udfff'"])
async def test_half_a_character_is_refused_in_words(tiny: Session, bad: str) -> None:
    assert (await dies(tiny, bad)).code == "language.code"
    assert await text(tiny, "print('grüße 日本 🎈')") == "grüße 日本 🎈\n"


async def test_a_long_block(tiny: Session) -> None:
    assert (
        await text(tiny, "x = 0\n" + "x += 1  # and a comment that makes it long\n" * 10_000 + "print(x)") == "10000\n"
    )


async def test_what_is_not_installed_says_so(make: Make) -> None:
    absent = make(dialect=replace(TINY, programs=("surely-not-installed",)))
    assert not absent.available
    error = await dies(absent, "1")
    assert str(error) == "Tiny is not installed on this computer. Install it: it is part of the tests."
    assert error.code == "language.missing"


async def test_what_ends_at_its_start_says_why(make: Make) -> None:
    broken = make(dialect=replace(TINY, programs=("sh",), command=("-c", "echo broken; exit 7")))
    error = await dies(broken, "1")
    assert error.message == "Tiny ended at its start (exit code 7). broken"


# --- death


@pytest.mark.parametrize(
    ("code", "fate"),
    [
        ("import os; os._exit(3)", "exit code 3"),
        ("raise SystemExit(4)", "exit code 4"),
        ("import os; os.kill(os.getpid(), 9)", "signal SIGKILL"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "signal SIGSEGV"),
    ],
)
async def test_a_death_is_told_and_the_next_run_begins_afresh(tiny: Session, code: str, fate: str) -> None:
    error = await dies(tiny, f"a = 1\n{code}")
    assert error.message == f"Tiny ended by itself ({fate}); its variables are lost."
    assert error.code == "language.died"
    assert await notices(tiny, "b = 'a' in globals()") == ""
    assert await text(tiny, "print(b)") == "False\n"


async def test_a_death_between_runs_is_told_at_the_next(tiny: Session) -> None:
    pid = await pid_of(tiny)
    os.kill(pid, signal.SIGKILL)
    assert ended(pid, 10)
    assert await notices(tiny, "1") == "Tiny had ended (signal SIGKILL): earlier variables are lost.\n"
    assert await chunks(tiny, "1") == []


async def test_the_directory_outlives_it(tiny: Session, tmp_path: Path) -> None:
    await text(tiny, f"import os; os.chdir({str(tmp_path)!r})")
    await dies(tiny, "import os; os._exit(0)")
    assert await text(tiny, "import os; print(os.getcwd())") == f"{tmp_path}\n"
    await tiny.terminate()
    assert await text(tiny, "import os; print(os.getcwd())") == f"{Path.cwd()}\n"


# --- stopping

STUBBORN = "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); print('deaf')\nwhile True: time.sleep(9)"


async def test_a_loop_is_stopped_and_the_state_kept(tiny: Session) -> None:
    await text(tiny, "kept = 42")
    task, _ = await begin(tiny, "print('on')\nwhile True: pass")
    assert await tiny.stop()
    assert await task == "on\nInterrupted\n"
    assert await text(tiny, "print(kept)") == "42\n"


async def test_stop_when_nothing_runs(tiny: Session) -> None:
    assert await tiny.stop()
    await text(tiny, "1")
    assert await tiny.stop()


async def test_what_will_not_stop_is_killed(tiny: Session) -> None:
    task, _ = await begin(tiny, STUBBORN)
    assert not await tiny.stop()
    with pytest.raises(LanguageError, match="had to be ended"):
        await task
    assert await chunks(tiny, "print('new')") == [Chunk(Role.COMPUTER, Kind.CONSOLE, "new\n", "output")]


async def test_what_the_run_started_ends_with_it_and_earlier_things_live(tiny: Session) -> None:
    start = "import subprocess; print(subprocess.Popen(['sleep', '600'], start_new_session=True).pid)"
    early = int(await text(tiny, start))
    await text(tiny, "import time; time.sleep(0.05)")  # beginnings are told in hundredths of a second
    task, first = await begin(tiny, f"{start}\nimport time; time.sleep(600)")
    assert await tiny.stop()
    assert ended(int(first), 3)
    assert not ended(early, 0)
    await task
    await tiny.host.family.close()
    assert ended(early, 3)


async def test_close_ends_the_process_and_its_jobs(tiny: Session) -> None:
    job = int(await text(tiny, "import subprocess; print(subprocess.Popen(['sleep', '600']).pid)"))
    pid = await pid_of(tiny)
    await tiny.close()
    await tiny.close()
    assert ended(pid, 3)
    assert ended(job, 3)
    assert (await dies(tiny, "1")).code == "language.closed"
    await tiny.terminate()
    assert await text(tiny, "print('again')") == "again\n"


async def test_nothing_is_left_open(make: Make) -> None:
    async def use() -> int:
        tiny = make()
        await text(tiny, "1")
        await tiny.close()
        await tiny.host.family.close()
        return len(os.listdir("/proc/self/fd"))  # noqa: PTH208

    assert await use() == await use() == await use()
    assert [task for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []


async def test_close_while_it_starts(make: Make) -> None:
    tiny = make()
    starting = asyncio.ensure_future(tiny.start())
    await asyncio.sleep(0)
    await tiny.close()
    await asyncio.wait([starting])
    assert not tiny.host.family.members()


# --- late output


async def test_what_is_printed_between_runs_is_told_at_the_next(tiny: Session, tmp_path: Path) -> None:
    done = tmp_path / "done"
    os.mkfifo(done)
    code = f"""
import threading
def later():
    go.wait()
    print('x' * 5000, 'end')
    open({str(done)!r}, 'w').close()
go = threading.Event()
threading.Thread(target=later).start()"""
    await text(tiny, code)
    await text(tiny, "threading.Timer(0.2, go.set).start()")
    await in_thread(done.read_bytes)
    said = await notices(tiny, "")
    assert said.startswith("Since then, earlier code has printed:\n\n… 3,005 characters left out …\nxxx")
    assert said.endswith("x end\n")
    assert await notices(tiny, "") == ""


# --- input


async def test_a_line_is_asked_for_with_its_prompt(make: Make) -> None:
    person = Typist("Ada", "36")
    tiny = make(person)
    code = "name = input('Name? '); age = input(); print(f'<{name} {age}>')"
    assert await text(tiny, code) == "Name? Ada\n36\n<Ada 36>\n"
    assert person.asked == [("Name?", False), ("Tiny waits for input", False)]


async def test_a_password_is_asked_for_as_a_secret_and_not_shown(make: Make) -> None:
    person = Typist("hunter2")
    tiny = make(person)
    code = "import getpass; word = getpass.getpass('Password: '); print(len(word))"
    assert "hunter2" not in (said := await text(tiny, code))
    assert said == "Password: \n7\n"
    assert person.asked == [("Password:", True)]


async def test_a_program_that_the_code_started_may_ask_too(make: Make) -> None:
    person = Typist("yes")
    tiny = make(person)
    code = "import subprocess; subprocess.run(['sh', '-c', 'printf \"Go on [y/n] \"; read x; echo \"<$x>\"'])"
    assert await text(tiny, code) == "Go on [y/n] yes\n<yes>\n"
    assert person.asked == [("Go on [y/n]", False)]


async def test_nobody_there_is_the_end_of_the_input(tiny: Session) -> None:
    said = await chunks(tiny, "input('Name? ')")
    assert [chunk.content for chunk in said if chunk.format == "notice"] == [
        "Tiny waited for input, but nobody is there to answer: it was told that there is none.\n"
    ]
    assert "EOFError" in "".join([chunk.content for chunk in said])


async def test_who_goes_on_waiting_is_interrupted(tiny: Session) -> None:
    said = await chunks(tiny, "kept = 1\nwhile True:\n  try: input()\n  except EOFError: pass")
    assert "Tiny went on waiting for input, so it was ended.\n" in [chunk.content for chunk in said]
    assert await text(tiny, "print(kept)") == "1\n"


async def test_a_program_that_goes_on_waiting_is_ended(tiny: Session) -> None:
    deaf = "import os, sys, tty; tty.setraw(0); [os.read(0, 1) for _ in range(9)]"
    said = await notices(tiny, f"import subprocess, sys; print(subprocess.run([sys.executable, '-c', {deaf!r}]))")
    assert "went on waiting for input, so it was ended.\n" in said


async def test_who_loses_patience_is_asked_for_no_longer(make: Make) -> None:
    closed = asyncio.Event()

    async def forever(prompt: str, secret: bool) -> object:
        try:
            return await asyncio.Event().wait()
        finally:
            closed.set()

    tiny = make(forever)  # type: ignore[arg-type]
    assert await text(tiny, "import subprocess; subprocess.run(['bash', '-c', 'read -t 0.5 -p \"Now? \"'])") == "Now? "
    await closed.wait()


async def test_a_stop_takes_the_question_back(make: Make) -> None:
    asked, closed = asyncio.Event(), asyncio.Event()

    async def forever(prompt: str, secret: bool) -> object:
        asked.set()
        try:
            return await asyncio.Event().wait()
        finally:
            closed.set()

    tiny = make(forever)  # type: ignore[arg-type]
    task, _ = await begin(tiny, "input('Name? ')")
    await asked.wait()
    assert await tiny.stop()
    await closed.wait()
    assert "Interrupted" in await task


async def test_what_was_typed_and_not_read_is_not_read_by_the_next_run(make: Make) -> None:
    person = Typist("one\ntwo\nthree", "four")
    tiny = make(person)
    assert "<one>" in await text(tiny, "print(f'<{input()}>')")
    assert "<four>" in await text(tiny, "print(f'<{input()}>')")


@pytest.mark.parametrize("prompt", ["50%", "[####  ]", "working", "sum = 3"])
async def test_what_watches_the_terminal_beside_other_things_is_not_asked_for(make: Make, prompt: str) -> None:
    person = Typist()
    tiny = make(person)
    wait = "import os, select; r, w = os.pipe(); select.select([0, r], [], [], 0.6)"
    assert await text(tiny, f"print({prompt!r}, end='', flush=True); {wait}") == prompt
    assert person.asked == []


@pytest.mark.parametrize("prompt", ["Which? ", "Name: ", ">>> ", "$ ", "# ", "Sure [Y/n] ", "Password for ada "])
async def test_what_looks_like_a_prompt_is_asked_for(make: Make, prompt: str) -> None:
    person = Typist("it")
    tiny = make(person)
    wait = "import os, select; r, w = os.pipe(); select.select([0, r], [], []); print(f'<{input()}>')"
    assert "<it>" in await text(tiny, f"print({prompt!r}, end='', flush=True); {wait}")
    assert person.asked == [(prompt.strip(), False)]
