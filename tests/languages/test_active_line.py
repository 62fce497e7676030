"""Which line runs, told by a real kernel."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from itertools import count

import pytest
import pytest_asyncio

from oi_voice.languages.kernel import JupyterPython
from oi_voice.messages import Chunk
from oi_voice.runtime import spawn

_ids = count()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def python() -> AsyncIterator[JupyterPython]:
    language = JupyterPython()
    yield language
    await language.close()


pytestmark = pytest.mark.asyncio(loop_scope="module")


def short(chunk: Chunk) -> str:
    """``2`` for a line, ``-`` for none any more, ``'text'`` for output."""
    return (chunk.content or "-") if chunk.format == "active_line" else repr(chunk.content)


async def told(language: JupyterPython, code: str) -> list[str]:
    """What is heard of a run, text that came in pieces joined."""
    heard: list[str] = []
    async with aclosing(language.run(code, f"run-{next(_ids)}")) as stream:
        async for chunk in stream:
            what = short(chunk)
            if heard and what[0] == heard[-1][0] == "'":
                what = heard.pop()[:-1] + what[1:]
            heard.append(what)
    return heard


@pytest.mark.parametrize(
    ("code", "stream"),
    [
        ("34 / 24", "1 '1.4166666666666667\\n' -"),
        ("print(1)\nprint(2)", "1 '1\\n' 2 '2\\n' -"),
        ("\n  \n# why\nprint(1)", "4 '1\\n' -"),
        ("for i in range(2):\n    print(i)\nprint('z')", "1 2 '0\\n' 1 2 '1\\n' 1 3 'z\\n' -"),
        ("if 1:\n    import sys\n    sys.stderr.write('x')\n    a = 1", "1 2 3 'x' 4 -"),
        ("def f():\n    return 1\nprint(f())", "1 3 '1\\n' -"),
        ("print(\n    'a'\n)", "1 2 1 'a\\n' -"),
        ("%env LANGUAGE=C\nprint(2)", "1 'env: LANGUAGE=C\\n' 2 '2\\n' -"),
        ("%%capture\nprint(1)\nprint(2)", "1 -"),
        ("_ = get_ipython().run_cell('1\\nprint(2)');", "1 '2\\n' -"),
        ("exec('a = 1\\nb = 2\\nc = 3')", "1 -"),
        ("a = 1\n\n\nb = 2", "1 4 -"),
        ("", ""),
    ],
)
async def test_each_line_is_told_before_what_it_prints(python: JupyterPython, code: str, stream: str) -> None:
    assert " ".join(await told(python, code)) == stream


async def test_code_that_cannot_be_read_has_no_line_that_runs(python: JupyterPython) -> None:
    [error] = await told(python, "print(1)\nx = (")
    assert "incomplete input" in error


async def test_a_line_that_fails_is_the_last(python: JupyterPython) -> None:
    lines = await told(python, "try:\n    1 / 0\nfinally:\n    print('f')")
    assert lines[:3] == ["1", "2", "4"]
    assert lines[-2].startswith(r"'f\nTraceback")
    assert lines[-1] == "-"


async def test_code_that_waits_is_told_too(python: JupyterPython) -> None:
    code = "import asyncio\nawait asyncio.sleep(0)\nfor i in range(2):\n    await asyncio.sleep(0)\n    print(i)"
    assert " ".join(await told(python, code)) == "1 2 3 4 5 '0\\n' 3 4 5 '1\\n' 3 -"


async def test_what_threads_and_children_do_is_not_told(python: JupyterPython) -> None:
    code = (
        "import threading, os\nwith open(os.devnull) as f:\n    t = threading.Thread(target=print, args=('thread',))\n"
    )
    lines = await told(python, code + "    t.start(); t.join()\n")
    assert lines[:4] == ["1", "2", "3", "4"]
    assert r"'thread\n'" in "".join(lines)


TRACER = """
import sys
seen = []
def mine(frame, event, arg):
    seen.append(event)
    return mine
def work():
    return 1
sys.settrace(mine)
for i in range(2):
    work()
same = sys.gettrace() is mine
sys.settrace(None)
print(same, seen.count('call') >= 2, 'line' in seen)
for i in range(1):
    sys.settrace(mine); sys.settrace(None)
print(sys.gettrace())
"""


async def test_a_tracer_of_the_persons_own_is_left_alone(python: JupyterPython) -> None:
    lines = await told(python, TRACER)
    assert r"'True True True\n'" in lines
    assert lines[-2:] == [r"'None\n'", "-"]
    assert await told(python, "sys.gettrace()") == ["1", "-"]


async def test_a_long_loop_is_told_now_and_then(python: JupyterPython) -> None:
    lines = await told(python, "for i in range(300_000):\n    x = i\n    y = x % 7\nprint(y)")
    assert lines[:3] == ["1", "2", "3"]
    assert lines[-3:] == ["4", r"'0\n'", "-"]
    assert len(lines) < 60


SLOW_AT_LAST = """
import threading, signal
for i in range(3000):
    x = i
    if i == 2999:
        signal.pause()
"""


async def test_a_line_where_code_stays_is_told_even_after_many(python: JupyterPython) -> None:
    stays: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    lines = []

    async def consume() -> None:
        async with aclosing(python.run(SLOW_AT_LAST, "stays")) as stream:
            async for chunk in stream:
                lines.append(short(chunk))
                if chunk.content == "6" and not stays.done():
                    stays.set_result(None)

    task = spawn(consume(), "test run")
    await asyncio.wait_for(stays, 10)
    assert await python.stop()
    await task
    assert "KeyboardInterrupt" in lines[-2]
    assert lines[-1] == "-"


async def test_half_a_character_is_shown_as_its_escape(python: JupyterPython) -> None:
    assert await told(python, r"print('a\ud800b')") == ["1", r"'a\\ud800b\n'", "-"]
    [_, error, _] = await told(python, r"raise ValueError('\udfff')")
    assert r"ValueError: \\udfff\n" in error
