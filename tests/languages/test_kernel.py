"""Against a real kernel: nothing is faked."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from pathlib import Path

import pytest
import pytest_asyncio
from kernel_runs import begin, chunks, text
from patience import SOON

from oi_voice.errors import LanguageError
from oi_voice.languages.kernel import JupyterPython
from oi_voice.messages import Chunk, Kind, Role
from oi_voice.runtime import spawn
from oi_voice.testing.processes import ended

STUBBORN = "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nprint('deaf')\nwhile True: time.sleep(9)"


@pytest_asyncio.fixture
async def python() -> AsyncIterator[JupyterPython]:
    language = JupyterPython()
    yield language
    await language.close()


@pytest.fixture(params=["short", "long" * 30])
def temporary(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A temporary directory for us alone; the longer one's path has no room for a socket."""
    with tempfile.TemporaryDirectory() as directory:
        inner = Path(directory) / request.param
        inner.mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(inner))
        yield inner


def files(directory: Path, family: bool = True) -> list[Path]:
    """What is there; not the folder that a family of processes has as long as it lives, unless it is to be gone."""
    return [path for path in directory.rglob("*") if not (family and path.name.startswith("oi-voice-"))]


async def test_variables_stay_from_run_to_run(python: JupyterPython) -> None:
    assert await chunks(python, "a = 6") == []
    assert await chunks(python, "a * 7") == [Chunk(Role.COMPUTER, Kind.CONSOLE, "42\n", "output")]


async def test_the_run_is_the_parent_of_all_the_code_says(python: JupyterPython) -> None:
    parent = "print(get_ipython().kernel.get_parent()['header']['msg_id'])"
    assert await text(python, parent, run="a-secret-id") == "a-secret-id\n"


async def test_output_streams_while_the_code_runs(python: JupyterPython) -> None:
    task, first = await begin(python, "print('early', flush=True)\nimport time\nwhile True: time.sleep(9)")
    assert first == "early\n"
    assert not task.done()
    assert await python.stop()
    await task


async def test_standard_error_and_subprocesses_are_heard(python: JupyterPython) -> None:
    said = await text(python, "import os, sys\nprint('wrong', file=sys.stderr)\nos.system('echo from outside')")
    assert "wrong\n" in said
    assert "from outside\n" in said


async def test_a_picture_comes_as_base64(python: JupyterPython) -> None:
    shown = await chunks(python, "from PIL import Image\nImage.new('RGB', (2, 2))")
    assert [(chunk.kind, chunk.format) for chunk in shown] == [(Kind.IMAGE, "base64.png")]
    assert shown[0].content.startswith("iVBORw0KGgo")


async def test_a_traceback_names_the_line_and_carries_no_colour(python: JupyterPython) -> None:
    said = await text(python, "def f(x):\n    return 1 / x\nf(0)")
    assert "line 2" in said
    assert said.endswith("ZeroDivisionError: division by zero\n")
    assert "\x1b" not in said
    assert len(said.splitlines()) < 12


async def test_prelude_and_environment_are_there_before_the_first_run() -> None:
    language = JupyterPython("import os\nx = os.environ['OI_TEST'] + '!'", {"OI_TEST": "hello"})
    try:
        assert await chunks(language, "print(x)") == [Chunk(Role.COMPUTER, Kind.CONSOLE, "hello!\n", "output")]
    finally:
        await language.close()


@pytest.mark.parametrize(
    ("language", "why"),
    [
        (JupyterPython("import no_such_module_at_all"), "No module named 'no_such_module_at_all'"),
        (JupyterPython("import os; os._exit(7)"), "exit code 7"),
        (JupyterPython(env={"PYTHONHOME": "/nowhere"}), "ended at its start"),
    ],
)
async def test_a_kernel_that_cannot_start_says_why_each_time(language: JupyterPython, why: str) -> None:
    for _ in range(2):
        with pytest.raises(LanguageError, match=why) as failure:
            await language.start()
        assert failure.value.code == "language.start"
    await language.close()


async def test_much_output_is_cut_in_the_middle_and_holds_nothing_up(python: JupyterPython) -> None:
    await python.start()
    stalls = [0.0]

    async def feel() -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.01)
            stalls.append(time.perf_counter() - before - 0.01)

    pulse = spawn(feel(), "pulse")
    said = await text(python, "for i in range(200_000): print('line', i)")
    pulse.cancel()
    assert said.startswith("line 0\nline 1\n")
    assert said.endswith("line 199999\n")
    assert "characters left out" in said
    assert len(said) < 20_100
    assert max(stalls) < SOON


@pytest.mark.parametrize(
    ("code", "how"),
    [("import os; os._exit(3)", "exit code 3"), ("import ctypes; ctypes.string_at(0)", "signal SIGSEGV")],
)
async def test_a_kernel_that_dies_is_told_at_once_and_replaced(python: JupyterPython, code: str, how: str) -> None:
    await python.start()
    start = time.perf_counter()
    with pytest.raises(LanguageError, match=how) as death:
        await text(python, code)
    assert time.perf_counter() - start < SOON
    assert death.value.code == "language.died"
    assert await text(python, "print('alive')") == "alive\n"


async def test_a_kernel_that_died_between_runs_is_replaced_with_a_word_on_it(python: JupyterPython) -> None:
    pid = int(await text(python, "import os; os.getpid()"))
    os.kill(pid, signal.SIGKILL)
    assert ended(pid, 5)
    # Its death reaches us as an event of its own: either the next run finds it dead, or sees it die.
    try:
        said = "".join([chunk.content for chunk in await chunks(python, "print('alive')")])
    except LanguageError as death:
        assert "SIGKILL (perhaps out of memory)" in str(death)
        said = await text(python, "print('alive')")
    else:
        assert "SIGKILL (perhaps out of memory)" in said
    assert said.endswith("alive\n")


FOREVER = ["while True: pass", "import time\nwhile True: time.sleep(9)", "import asyncio\nawait asyncio.sleep(99)"]


@pytest.mark.parametrize("code", FOREVER)
async def test_stop_interrupts_and_keeps_the_variables(python: JupyterPython, code: str) -> None:
    await chunks(python, "kept = 1")
    task, _ = await begin(python, f"print('on')\n{code}")
    start = time.perf_counter()
    assert await python.stop()
    assert time.perf_counter() - start < SOON
    assert re.search("KeyboardInterrupt|CancelledError", await task)
    assert await text(python, "kept") == "1\n"


async def test_stop_reaches_what_the_code_waits_for(python: JupyterPython) -> None:
    await chunks(python, "kept = 1")
    task, _ = await begin(python, "import os\nprint('on', flush=True)\nos.system('sleep 1000')")
    assert await python.stop()
    await task
    assert await text(python, "kept") == "1\n"


async def test_stop_ends_code_that_will_not_hear_and_says_that_state_is_lost(python: JupyterPython) -> None:
    await chunks(python, "kept = 1")
    child = "import subprocess\nprint(subprocess.Popen(['sleep', '1000']).pid)\n"
    task, pid = await begin(python, child + STUBBORN)
    start = time.perf_counter()
    first, second = await asyncio.gather(python.stop(), python.stop())
    assert (first, second) == (False, False)
    assert 3.0 <= time.perf_counter() - start < 6.0
    assert ended(int(pid.split()[0]), 3)
    with pytest.raises(LanguageError, match="would not stop"):
        await task
    assert await text(python, "'kept' in globals()") == "False\n"


async def test_stop_when_idle_takes_no_time(python: JupyterPython) -> None:
    assert await python.stop()
    await chunks(python, "kept = 1")
    start = time.perf_counter()
    assert await python.stop()
    assert time.perf_counter() - start < SOON


async def test_a_run_begun_during_a_stop_waits_for_it(python: JupyterPython) -> None:
    task, _ = await begin(python, STUBBORN)
    stopping = spawn(python.stop(), "stop")
    await asyncio.sleep(0)
    assert await text(python, "print('after')") == "after\n"
    assert not await stopping
    with pytest.raises(LanguageError):
        await task


async def test_a_run_may_be_left_early_and_is_then_heard_no_more(python: JupyterPython) -> None:
    async with aclosing(python.run("kept = 1\nprint('one')\nwhile True: print('more')", "left-early")) as stream:
        while (await anext(stream)).format != "output":
            pass
    later = spawn(text(python, "print(kept)"), "next run")
    await asyncio.sleep(0)
    assert not later.done()
    assert await python.stop()
    assert await later == "1\n"


async def test_a_run_cancelled_while_the_kernel_starts_leaves_the_start_alone(python: JupyterPython) -> None:
    task = spawn(text(python, "print('never')"), "run")
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    assert await python.stop()
    assert await text(python, "print('yes')") == "yes\n"


async def test_runs_at_the_same_time_take_turns(python: JupyterPython) -> None:
    said = await asyncio.gather(*(text(python, f"for _ in range(3): print({n})") for n in range(5)))
    assert list(said) == [f"{n}\n" * 3 for n in range(5)]


async def test_close_leaves_no_process_and_no_file(temporary: Path) -> None:
    language = JupyterPython()
    said = await text(language, "import os, subprocess\nprint(os.getpid(), subprocess.Popen(['sleep', '1000']).pid)")
    assert files(temporary) == []
    await language.close()
    await language.close()
    assert all(ended(int(pid), 2) for pid in said.split())
    with pytest.raises(LanguageError, match="closed"):
        await text(language, "1")
    assert files(temporary, family=False) == []


async def test_close_while_the_kernel_starts_ends_it() -> None:
    language = JupyterPython()
    starting = spawn(language.start(), "start")
    await asyncio.sleep(0.05)
    await language.close()
    await asyncio.wait([starting])
    assert starting.cancelled() or isinstance(starting.exception(), LanguageError)


PARENT = """
import asyncio
from oi_voice.languages.kernel import JupyterPython

async def main():
    code = "import os, time; print(os.getpid(), flush=True); time.sleep(999)"
    async for chunk in JupyterPython().run(code, "run"):
        if chunk.format == "output":
            print(chunk.content, flush=True)

asyncio.run(main())
"""


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="watching a foreign process needs Linux")
def test_the_kernel_dies_with_us_even_after_kill_9() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        parent.kill()
    assert ended(pid, 3)


async def test_a_warm_run_takes_milliseconds(python: JupyterPython) -> None:
    await text(python, "1+1")
    times = []
    for _ in range(50):
        start = time.perf_counter()
        await text(python, "1+1")
        times.append(time.perf_counter() - start)
    assert min(times) < 0.05
