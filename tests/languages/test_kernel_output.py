"""What a real kernel's output is to us: whole when it is short, cut inside the kernel when it is not."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import psutil
import pytest
import pytest_asyncio
from kernel_runs import chunks, new_id, notices, text

from oi_voice.languages.kernel import JupyterPython
from oi_voice.messages import Kind
from oi_voice.runtime import in_thread

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def python() -> AsyncIterator[JupyterPython]:
    language = JupyterPython()
    yield language
    await language.close()


FLOODS = {
    "200,000 lines": "for i in range(200_000): print('line', i)",
    "50 MB at once": "print('x' * 50_000_000)",
    "50 MB of a subprocess": "import os\nos.system('head -c 50000000 /dev/zero | tr \"\\\\0\" x') and None",
    "a result of 50 MB": "'x' * 50_000_000",
    "an error of 50 MB": "raise ValueError('x' * 50_000_000)",
    "10 MB in one line": "import sys\nsys.stderr.write('x' * 10_000_000) and None",
    "a display of 50 MB": "display({'text/html': 'x' * 50_000_000, 'text/plain': 'x' * 50_000_000}, raw=True)",
}


@pytest.mark.parametrize("code", FLOODS.values(), ids=FLOODS.keys())
async def test_a_flood_is_cut_in_the_kernel_and_costs_us_nothing(python: JupyterPython, code: str) -> None:
    await text(python, "1")
    process = psutil.Process()
    before = process.memory_info().rss
    start = time.perf_counter()
    said = await chunks(python, code)
    assert time.perf_counter() - start < 20
    assert process.memory_info().rss - before < 30_000_000
    assert sum(len(chunk.content) for chunk in said) < 20_300
    assert "characters left out" in said[-2].content
    where = re.fullmatch(r"All [\d,]+ characters of this output are in (.*)\n", said[-1].content)
    assert where
    assert said[-1].format == "notice"
    assert await in_thread(lambda: Path(where[1]).stat().st_size) > 2_000_000


async def test_a_flood_keeps_its_head_and_its_tail(python: JupyterPython) -> None:
    said = await text(python, "for i in range(50_000): print('line', i)")
    assert said.startswith("line 0\nline 1\n")
    assert said.endswith("line 49998\nline 49999\n")


async def test_an_error_comes_after_what_was_printed(python: JupyterPython) -> None:
    said = await text(python, "print('x' * 1_000_000)\n1 / 0")
    assert said.endswith("ZeroDivisionError: division by zero\n")


async def test_more_than_the_model_is_shown_is_in_a_file(python: JupyterPython) -> None:
    assert await notices(python, "print('x' * 2_799)") == ""
    assert "All 2,801 characters" in await notices(python, "print('x' * 2_800)")


async def test_a_line_is_seen_at_once(python: JupyterPython) -> None:
    """The clock is the same for both processes."""
    late = []
    async with aclosing(
        python.run("import time\nfor _ in range(20): print(time.time()); time.sleep(.01)", new_id())
    ) as s:
        async for chunk in s:
            if chunk.format == "output":
                late.append(time.time() - float(chunk.content.split()[0]))
    assert len(late) >= 4
    assert min(late) < 0.05


async def test_the_order_of_streams_and_results_is_kept(python: JupyterPython) -> None:
    code = "import sys\nfor i in range(4):\n    print(i, end='', file=(sys.stdout, sys.stderr)[i % 2])\n4"
    assert await text(python, code) == "0123\n4\n"


async def test_bytes_are_text_however_they_are_cut(python: JupyterPython) -> None:
    code = "import sys\nfor byte in 'é€😀\\n'.encode():\n    sys.{}.buffer.write(bytes([byte]))\nNone"
    for name in ("stdout", "stderr"):
        assert await text(python, code.format(name)) == "é€😀\n"
    assert await text(python, r"sys.stdout.buffer.write(b'\xff\xe2\x82'); None") == r"\xff\xe2\x82"
    code = "import os, time\nfor byte in 'é€😀\\n'.encode():\n    os.write(1, bytes([byte])); time.sleep(.01)"
    assert await text(python, code) == "é€😀\n"


async def test_a_stream_is_a_file_like_others(python: JupyterPython) -> None:
    code = "import subprocess, sys\nsubprocess.run(['echo', 'child'], stdout=sys.stdout).returncode"
    assert await text(python, code) == "child\n0\n"
    code = "print(sys.stdout.encoding, sys.stdout.isatty(), sys.stdout.writable(), sys.stdout.closed)"
    assert await text(python, code) == "utf-8 False True False\n"
    assert "write() argument must be str, not bytes" in await text(python, "sys.stdout.write(b'x')")


async def test_what_children_say_is_heard(python: JupyterPython) -> None:
    assert (
        await text(python, "import os\nif os.fork() == 0: print('fork')\nelse: os.wait(); print('end')")
        == "fork\nend\n"
    )
    code = "from multiprocessing import *\np = get_context('fork').Process(target=print, args=('pool',))\n"
    code += "p.start(); p.join()"
    assert await text(python, code) == "pool\n"
    assert await text(python, "!echo $TERM; cat") == "dumb\n"
    assert await text(python, "!exit 3\nprint(_exit_code)") == "3\n"


LATE = """
import threading
def late():
    go.wait(10)
    for i in range({lines}): print('late', i)
    done.set()
go, done = threading.Event(), threading.Event()
threading.Thread(target=late).start()
"""


async def test_what_a_thread_prints_between_runs_is_told_in_the_next(python: JupyterPython) -> None:
    await chunks(python, LATE.format(lines=1) + "threading.Timer(.2, go.set).start()")
    await in_thread(time.sleep, 0.5)
    said = await chunks(python, "print('mine')")
    assert [(chunk.format, chunk.content) for chunk in said] == [
        ("notice", "Since then, earlier code has printed:\nlate 0\n"),
        ("output", "mine\n"),
    ]
    assert await notices(python, "1") == ""


async def test_what_an_earlier_thread_prints_during_a_run_is_told_at_its_end(python: JupyterPython) -> None:
    await chunks(python, LATE.format(lines=1_000))
    said = await chunks(python, "go.set(); done.wait(); print('mine')")
    assert [chunk.format for chunk in said] == ["output", "notice"]
    assert said[0].content == "mine\n"
    assert said[1].content.startswith("Meanwhile, earlier code has printed:\n\n… ")
    assert said[1].content.endswith("late 998\nlate 999\n")
    assert len(said[1].content) < 2_100


async def test_what_a_runs_own_threads_and_tasks_print_is_its_own(python: JupyterPython) -> None:
    assert await text(python, "t = threading.Thread(target=print, args=('own',)); t.start(); t.join()") == "own\n"
    assert await text(python, "import asyncio\nawait asyncio.to_thread(print, 'pool')") == "pool\n"
    assert await text(python, "await asyncio.to_thread(print, 'again')") == "again\n"
    earlier = "async def tell():\n    await event.wait(); print('task')\n"
    await chunks(python, f"event = asyncio.Event()\n{earlier}task = asyncio.create_task(tell())")
    said = await chunks(python, "event.set()\nawait task\nprint('mine')")
    assert [chunk.content for chunk in said] == ["mine\n", "Meanwhile, earlier code has printed:\ntask\n"]


async def test_what_a_background_job_prints_between_runs_is_told(python: JupyterPython) -> None:
    await chunks(python, "import subprocess\njob = subprocess.Popen('sleep .2; echo job', shell=True)")
    await in_thread(time.sleep, 0.6)
    assert await notices(python, "job.wait()") == "Since then, earlier code has printed:\njob\n"


async def test_a_figure_is_a_picture(python: JupyterPython) -> None:
    pytest.importorskip("matplotlib")
    await chunks(python, "import matplotlib.pyplot as plt")
    for code in (
        "plt.plot([1, 2]);",
        "plt.plot([1, 2]); plt.show()",
        "plt.subplots()[1].bar([1], [2]);",
    ):
        [figure] = [chunk for chunk in await chunks(python, code) if chunk.kind is not Kind.CONSOLE]
        assert (figure.kind, figure.format) == (Kind.IMAGE, "base64.png")
        assert figure.content.startswith("iVBORw0KGgo")
    assert [chunk.kind for chunk in await chunks(python, "plt.plot([1, 2]); plt.show()")] == [Kind.IMAGE]


async def test_rich_things_climb_down_the_ladder(python: JupyterPython) -> None:
    code = "from IPython.display import HTML, Markdown, display\ndisplay(HTML('<b>'), Markdown('# m'))"
    said = [(chunk.format, chunk.recipient, chunk.content) for chunk in await chunks(python, code)]
    assert said == [
        ("output", "", "<IPython.core.display.HTML object>\n"), ("html", "user", "<b>"), ("output", "", "# m\n"),
    ]  # fmt: skip


async def test_help_is_shown(python: JupyterPython) -> None:
    assert "Prints the values" in await text(python, "print?")


TRACEBACKS = {
    "async": "import asyncio\nasync def g():\n    await asyncio.sleep(0)\n    1 / 0\nawait g()",
    "chained": "try:\n    {}[1]\nexcept KeyError:\n    1 / 0",
    "group": "raise ExceptionGroup('two', [ZeroDivisionError('one'), ValueError('other')])",
    "input": "input(1 / 0)",
    "eof": "input()",
}


@pytest.mark.parametrize("code", TRACEBACKS.values(), ids=TRACEBACKS.keys())
async def test_a_traceback_has_none_of_our_frames(python: JupyterPython, code: str) -> None:
    said = await text(python, code)
    assert re.search("ZeroDivisionError|EOFError", said)
    for word in ("oi_voice", "site-packages", "interactiveshell", "Unexpected"):
        assert word not in said
    assert len(said.splitlines()) <= 20


@pytest.mark.parametrize(
    "code",
    [
        "sys.stdout = open(os.devnull, 'w'); print('x'); sys.stdout.close()",
        "del sys.stdout",
        "sys.stdout = sys.stderr = None",
    ],
)
async def test_a_stream_that_code_has_closed_or_taken_away_is_put_back(python: JupyterPython, code: str) -> None:
    await text(python, f"import os, sys\n{code}")
    assert await text(python, "print('on'); 1 + 1") == "on\n2\n"
