"""Code that will not end, code that ends everything, and what is left behind."""

from __future__ import annotations

import asyncio
import re
import signal
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from kernel_runs import begin, text

from oi_voice.errors import LanguageError
from oi_voice.languages.family import Family
from oi_voice.languages.host import Host
from oi_voice.languages.kernel import JupyterPython
from oi_voice.testing.processes import ended


@pytest_asyncio.fixture
async def family() -> AsyncIterator[Family]:
    family = Family()
    yield family
    await family.close()


@pytest_asyncio.fixture
async def python(family: Family) -> AsyncIterator[JupyterPython]:
    language = JupyterPython(host=Host(family))
    yield language
    await language.close()


HEARD = {
    "a loop": "while True: pass",
    "a printer": "while True: print('x' * 1_000_000)",
    "a printer of lines": "while True: print('x')",
    "a command": "import os\nos.system('sleep 1000')",
    "commands for ever": "import os\nwhile True: os.system('sleep 1000')",
    "IPython's command": "!sleep 1000\nprint('after')",
    "a regular expression": "import re\nre.match('(a+)+$', 'a' * 40 + 'b')",
    "a task": "import asyncio\nawait asyncio.sleep(1000)",
    "a thread awaited": "import threading\nthreading.Event().wait()",
}


@pytest.mark.parametrize("code", HEARD.values(), ids=HEARD.keys())
async def test_stop_ends_it_and_keeps_the_variables(python: JupyterPython, code: str) -> None:
    await text(python, "kept = 1")
    task, _ = await begin(python, f"print('on', flush=True)\n{code}")
    start = time.perf_counter()
    assert await python.stop()
    assert time.perf_counter() - start < 3.0
    said = await task
    assert re.search("KeyboardInterrupt|CancelledError", said)
    assert "after" not in said
    assert await text(python, "kept") == "1\n"


async def test_a_flood_from_outside_ends_and_the_interrupt_is_its_last_word(python: JupyterPython) -> None:
    task, _ = await begin(python, "!yes")
    assert await python.stop()
    assert (await task).endswith("y\nKeyboardInterrupt\n")
    assert await text(python, "1") == "1\n"


DEAF = {
    "except BaseException": "while True:\n    try: pass\n    except BaseException: pass",
    "a long call": "import itertools\nsum(itertools.repeat(0))",
}


@pytest.mark.parametrize("code", DEAF.values(), ids=DEAF.keys())
async def test_what_will_not_hear_is_ended_and_it_is_said(python: JupyterPython, code: str) -> None:
    await text(python, "kept = 1")
    task, _ = await begin(python, f"print('on', flush=True)\n{code}")
    start = time.perf_counter()
    kept = await python.stop()
    assert time.perf_counter() - start < 6.0
    if kept:
        assert "on" in await task
        return
    with pytest.raises(LanguageError, match="would not stop"):
        await task
    assert await text(python, "'kept' in globals()") == "False\n"


FIFTY = """
import subprocess
for i in range(50): subprocess.Popen(["sleep", "1000"], start_new_session=i % 2 == 0)
print("born", flush=True)
while True: pass
"""


async def test_stop_ends_what_the_run_began_and_nothing_else(python: JupyterPython, family: Family) -> None:
    earlier = int(await text(python, "import subprocess\nprint(subprocess.Popen(['sleep', '1000']).pid)"))
    before = set(family.members())
    assert earlier in before
    task, _ = await begin(python, FIFTY)
    assert len(set(family.members()) - before) == 50
    assert await python.stop()
    await task
    assert set(family.members()) == before


async def test_close_ends_what_the_kernel_began_also_in_sessions_of_their_own(
    python: JupyterPython, family: Family
) -> None:
    code = "import os, subprocess\nprint(os.getpid(), subprocess.Popen(['sleep', '1000'], start_new_session=True).pid)"
    pids = [int(pid) for pid in (await text(python, code)).split()]
    other = JupyterPython(host=Host(family))
    alive = int(await text(other, "import os\nos.getpid()"))
    await python.close()
    assert all(ended(pid, 2) for pid in pids)
    assert not ended(alive, 0)
    await other.close()


async def test_partial_output_is_there_when_the_kernel_dies(python: JupyterPython) -> None:
    task, first = await begin(python, "print('so far'); import time; time.sleep(.2)\nimport os; os._exit(3)")
    assert first == "so far\n"
    start = time.perf_counter()
    with pytest.raises(LanguageError, match="exit code 3"):
        await task
    assert time.perf_counter() - start < 1.5


async def test_a_killed_kernel_may_have_been_out_of_memory(python: JupyterPython) -> None:
    with pytest.raises(LanguageError, match=r"signal SIGKILL \(perhaps out of memory\)"):
        await text(python, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
    ignore = "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
    task, _ = await begin(python, f"{ignore}print('on')\ntime.sleep(1000)")
    assert not await python.stop()
    with pytest.raises(LanguageError, match="would not stop"):
        await task


async def test_stopping_again_and_again_does_no_harm(python: JupyterPython) -> None:
    await text(python, "kept = 1")
    for _ in range(5):
        task, _ = await begin(python, "print('on', flush=True)\nwhile True: print('x' * 10_000)")
        assert all(await asyncio.gather(*(python.stop() for _ in range(3))))
        await task
    assert await text(python, "kept") == "1\n"


async def test_a_stop_works_where_we_ignore_interrupts_ourselves() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    python = JupyterPython()
    try:
        task, _ = await begin(python, "kept = 1\nprint('on', flush=True)\nwhile True: pass")
        assert await python.stop()
        await task
        assert await text(python, "kept") == "1\n"
    finally:
        signal.signal(signal.SIGINT, before)
        await python.close()
