"""Lines that Python code asks the person for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
from kernel_runs import begin, text

from oi_voice.languages.family import Family
from oi_voice.languages.host import Host
from oi_voice.languages.kernel import JupyterPython
from oi_voice.ports import Answer
from oi_voice.runtime import spawn

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass
class Person:
    """Answers with what is put in; ``asked`` is what they were asked."""

    asked: list[tuple[str, bool]] = field(default_factory=list)
    answers: asyncio.Queue[Answer] = field(default_factory=asyncio.Queue)
    busy: asyncio.Event = field(default_factory=asyncio.Event)
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    async def ask(self, prompt: str, secret: bool) -> Answer:
        self.asked.append((prompt, secret))
        self.busy.set()
        try:
            return await self.answers.get()
        except asyncio.CancelledError:
            self.gone.set()
            raise


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def room() -> AsyncIterator[tuple[JupyterPython, Person]]:
    person, family = Person(), Family()
    python = JupyterPython(host=Host(family, person.ask))
    yield python, person
    await python.close()
    await family.close()


async def test_input_is_asked_of_the_person_and_shown(room: tuple[JupyterPython, Person]) -> None:
    python, person = room
    person.answers.put_nowait(Answer("Ada"))
    assert await text(python, "name = input('your name? ')\nprint('Hello,', name)") == "your name? Ada\nHello, Ada\n"
    assert person.asked.pop() == ("your name? ", False)


async def test_a_password_is_not_shown(room: tuple[JupyterPython, Person]) -> None:
    python, person = room
    person.answers.put_nowait(Answer("sesame"))
    said = await text(python, "import getpass\nword = getpass.getpass()\nprint(len(word))")
    assert said == "Password: \n6\n"
    assert person.asked.pop() == ("Password: ", True)


async def test_no_answer_is_the_end_of_the_file_and_says_why(room: tuple[JupyterPython, Person]) -> None:
    python, person = room
    person.answers.put_nowait(Answer(None, "the person gave no answer"))
    said = await text(python, "input('really? ')")
    assert said.startswith("really? \nTraceback")
    assert said.endswith("EOFError: input() got no answer: the person gave no answer.\n")
    person.answers.put_nowait(Answer(None, "timeout"))
    assert await text(python, "try: input()\nexcept EOFError as error: print(error)") == (
        "\ninput() got no answer: timeout.\n"
    )


async def test_several_lines_one_after_the_other(room: tuple[JupyterPython, Person]) -> None:
    python, person = room
    for word in ("a", "", "c\ud800"):
        person.answers.put_nowait(Answer(word))
    assert await text(python, "print([input() for _ in range(3)])") == "a\n\nc\\ud800\n['a', '', 'c\\\\ud800']\n"


async def test_stop_while_it_waits_takes_the_question_back(room: tuple[JupyterPython, Person]) -> None:
    python, person = room
    await text(python, "kept = 1")
    person.busy.clear()
    task, _ = await begin(python, "input('name? ')")
    await asyncio.wait_for(person.busy.wait(), 5)
    assert await python.stop()
    assert (await task).endswith("KeyboardInterrupt\n")
    await asyncio.wait_for(person.gone.wait(), 5)
    assert await text(python, "kept") == "1\n"


@pytest.mark.parametrize(
    ("code", "why"),
    [
        (
            "from concurrent.futures import *\nThreadPoolExecutor().submit(input).result()",
            "only the main thread can ask",
        ),
        (
            "import os\nif not os.fork():\n    try: input()\n    except EOFError as e: print(e)\nelse: os.wait();",
            "forked",
        ),
    ],
)
async def test_others_than_the_code_itself_cannot_ask(room: tuple[JupyterPython, Person], code: str, why: str) -> None:
    assert why in await text(room[0], code)


async def test_nobody_is_there() -> None:
    python = JupyterPython()
    try:
        said = await text(python, "import sys\nprint(repr(sys.stdin.readline()))\ninput()")
        assert said.startswith("''\n")
        assert said.endswith("EOFError: input() got no answer: nobody is there to answer.\n")
    finally:
        await python.close()


async def test_a_kernel_that_dies_takes_its_question_back(room: tuple[JupyterPython, Person]) -> None:
    python, person = room
    person.gone.clear()
    person.asked.clear()
    code = "import os, threading\nthreading.Timer(.2, os._exit, (3,)).start()\ninput()"
    task = spawn(text(python, code), "run")
    await asyncio.wait([task])
    assert "exit code 3" in str(task.exception())
    await asyncio.wait_for(person.gone.wait(), 5)
