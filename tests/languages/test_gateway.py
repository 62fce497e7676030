"""Against a real Jupyter Server in a process of its own: nothing is faked."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest
import pytest_asyncio
from patience import SOON

from oi_voice.errors import LanguageError
from oi_voice.languages.host import Host
from oi_voice.languages.remote_python import RemotePython
from oi_voice.messages import Chunk, Kind, Role
from oi_voice.ports import Answer
from oi_voice.runtime import spawn

TOKEN = "a-token-of-the-tests"
STUBBORN = "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nprint('deaf')\nwhile True: time.sleep(9)"


@dataclass
class Server:
    url: str
    process: subprocess.Popen[bytes]

    def ask(self, method: str, path: str = "") -> httpx.Response:
        headers = {"Authorization": f"token {TOKEN}"}
        return httpx.request(method, f"{self.url}/api/kernels{path}", headers=headers, timeout=20, trust_env=False)

    def kernels(self) -> list[str]:
        return [kernel["id"] for kernel in self.ask("GET").json()]

    def end(self) -> None:
        """Kill it and what it started, as a machine that fails."""
        with suppress(psutil.NoSuchProcess):
            us = psutil.Process(self.process.pid)
            for process in (us, *us.children(recursive=True)):
                with suppress(psutil.NoSuchProcess):
                    process.kill()
        self.process.wait()


@contextmanager
def serving(home: Path, port: int = 0) -> Iterator[Server]:
    """A server whose files are all in ``home``, up and answering."""
    if not port:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
    folders = {"HOME": home, "JUPYTER_CONFIG_DIR": home / "c", "JUPYTER_DATA_DIR": home / "d"}
    folders |= {"JUPYTER_RUNTIME_DIR": home / "r", "IPYTHONDIR": home / "i", "JUPYTER_NO_CONFIG": "1"}
    options = ["--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"]
    options += [f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={home}"]
    env = os.environ | {name: str(where) for name, where in folders.items()}
    env.pop("PYTEST_CURRENT_TEST", None)  # where it is set, ipykernel leaves the file descriptors alone
    command = [sys.executable, "-m", "jupyter_server", *options]
    with (home / "log").open("w+") as log:
        server = Server(f"http://127.0.0.1:{port}", subprocess.Popen(command, env=env, stdout=log, stderr=log))
        try:
            while server.process.poll() is None and not listens(port):
                time.sleep(0.02)  # nothing tells when it listens: it says that it runs a little before
            log.seek(0)
            assert server.process.poll() is None, log.read()
            yield server
        finally:
            server.end()


def listens(port: int) -> bool:
    with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
        return True
    return False


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("server")) as up:
        yield up


@pytest.fixture
def fleeting(tmp_path: Path) -> Iterator[Server]:
    """A server that a test may kill."""
    with serving(tmp_path) as up:
        yield up


@pytest_asyncio.fixture
async def python(server: Server) -> AsyncIterator[RemotePython]:
    language = RemotePython(server.url, TOKEN)
    yield language
    await language.close()
    assert server.kernels() == []


async def chunks(language: RemotePython, code: str) -> list[Chunk]:
    async with aclosing(language.run(code, "a-secret-id")) as stream:
        return [chunk async for chunk in stream]


async def text(language: RemotePython, code: str) -> str:
    return "".join([chunk.content for chunk in await chunks(language, code)])


async def begin(language: RemotePython, code: str) -> tuple[asyncio.Task[str], str]:
    """Run code in the background; returns when its first output is there."""
    first: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def consume() -> str:
        said = ""
        async with aclosing(language.run(code, "a-secret-id")) as stream:
            async for chunk in stream:
                said += chunk.content
                if not first.done():
                    first.set_result(chunk.content)
        return said

    task = spawn(consume(), "test run")
    await asyncio.wait([task, first], return_when=asyncio.FIRST_COMPLETED)
    return task, first.result() if first.done() else await task


async def test_variables_stay_and_output_streams(python: RemotePython) -> None:
    assert await chunks(python, "a = 6") == []
    assert await chunks(python, "a * 7") == [Chunk(Role.COMPUTER, Kind.CONSOLE, "42\n", "output")]
    task, first = await begin(python, "print('early', flush=True)\nimport time\nwhile True: time.sleep(9)")
    assert first == "early\n"
    assert not task.done()
    assert await python.stop()
    assert "KeyboardInterrupt" in await task
    assert await text(python, "a") == "6\n"


async def test_standard_error_tracebacks_and_pictures_are_heard(python: RemotePython) -> None:
    assert "wrong\n" in await text(python, "import sys\nprint('wrong', file=sys.stderr)")
    said = await text(python, "1 / 0")
    assert said.endswith("ZeroDivisionError: division by zero\n")
    assert "\x1b" not in said
    shown = await chunks(python, "from PIL import Image\nImage.new('RGB', (2, 2))")
    assert [(chunk.kind, chunk.format) for chunk in shown] == [(Kind.IMAGE, "base64.png")]


async def test_the_secret_of_a_run_and_the_computer_stay_here(python: RemotePython) -> None:
    parent = "print(get_ipython().kernel.get_parent()['header']['msg_id'], 'computer' in globals())"
    said = await text(python, parent)
    assert "a-secret-id" not in said
    assert said.endswith("False\n")
    assert "another machine (127.0.0.1)" in python.system_message


async def test_half_a_character_is_refused_here(python: RemotePython) -> None:
    with pytest.raises(LanguageError, match="half a character"):
        await text(python, "print('\ud800')")


async def test_a_flood_is_cut(python: RemotePython) -> None:
    said = await text(python, "for i in range(30_000): print('line', i)")
    assert said.startswith("line 0\nline 1\n")
    assert "characters left out" in said
    assert "characters of this output are in " in said or "rate exceeded" in said  # which the server itself may cut
    assert len(said) < 22_000


async def test_a_line_is_asked_of_the_person(server: Server) -> None:
    asked: list[tuple[str, bool]] = []
    answers = iter([Answer("Ann"), Answer("s3cret"), Answer(None, "nobody answered within 5 seconds")])

    async def ask(prompt: str, secret: bool) -> Answer:
        asked.append((prompt, secret))
        return next(answers)

    python = RemotePython(server.url, TOKEN, host=Host(ask=ask, alone=True))
    try:
        said = await text(python, "import getpass\nprint(input('name? '), getpass.getpass('key? '))")
        assert said.endswith("Ann s3cret\n")
        said = await text(python, "input('more? ')")
        assert "nobody answered within 5 seconds" in said
        assert "EOFError" in said
        assert asked == [("name? ", False), ("key? ", True), ("more? ", False)]
    finally:
        await python.close()


async def test_a_stop_takes_the_question_back(server: Server) -> None:
    asked, given_up = asyncio.Event(), asyncio.Event()

    async def ask(prompt: str, secret: bool) -> Answer:
        asked.set()
        try:
            return await asyncio.get_running_loop().create_future()
        finally:
            given_up.set()

    python = RemotePython(server.url, TOKEN, host=Host(ask=ask, alone=True))
    try:
        task = spawn(text(python, "kept = 1\ninput()"), "run")
        await asked.wait()
        assert await python.stop()
        assert "KeyboardInterrupt" in await task
        await given_up.wait()
        assert await text(python, "kept") == "1\n"
    finally:
        await python.close()


async def test_stop_has_the_server_restart_what_will_not_hear(python: RemotePython, server: Server) -> None:
    await text(python, "kept = 1")
    [before] = server.kernels()
    task, _ = await begin(python, STUBBORN)
    first, second = await asyncio.gather(python.stop(), python.stop())
    assert (first, second) == (False, False)
    with pytest.raises(LanguageError, match="would not stop") as death:
        await task
    assert death.value.code == "language.died"
    assert await text(python, "'kept' in globals()") == "False\n"
    assert server.kernels() == [before]


async def test_stop_when_idle_takes_no_time(python: RemotePython) -> None:
    assert await python.stop()
    await text(python, "kept = 1")
    start = time.perf_counter()
    assert await python.stop()
    assert time.perf_counter() - start < SOON


async def test_a_kernel_that_dies_is_told_and_replaced(python: RemotePython) -> None:
    with pytest.raises(LanguageError, match=r"127\.0\.0\.1 ended by itself; its variables are lost") as death:
        await text(python, "import os; os._exit(3)")
    assert death.value.code == "language.died"
    assert await text(python, "print('alive')") == "alive\n"


async def test_a_kernel_that_was_ended_between_runs_is_replaced_with_a_word_on_it(
    python: RemotePython, server: Server
) -> None:
    await text(python, "kept = 1")
    for kernel in server.kernels():
        server.ask("DELETE", f"/{kernel}").raise_for_status()
    said = await text(python, "print('alive')")
    assert said == "Python has been ended by the server: earlier variables are lost.\nalive\n"


async def test_what_code_prints_after_its_run_is_told_at_the_next(python: RemotePython) -> None:
    later = "import threading\ngo = threading.Event()\ndef late():\n    go.wait()\n    print('late')\n"
    await text(python, later + "t = threading.Thread(target=late)\nt.start()")
    said = await text(python, "go.set(); t.join()")
    said += await text(python, "print('now')")
    assert "late\n" in said
    assert said.endswith("now\n")


async def test_a_run_may_be_left_early_and_the_next_waits(python: RemotePython) -> None:
    async with aclosing(python.run("kept = 1\nprint('one')\nimport time\nwhile True: time.sleep(9)", "id")) as stream:
        assert (await anext(stream)).content == "one\n"
    later = spawn(text(python, "print(kept)"), "next run")
    await asyncio.sleep(0)
    assert not later.done()
    assert await python.stop()
    assert await later == "1\n"


async def test_two_clients_at_once_have_kernels_of_their_own(server: Server) -> None:
    languages = [RemotePython(server.url, TOKEN) for _ in range(2)]
    try:
        await asyncio.gather(*(text(language, f"x = {n}") for n, language in enumerate(languages)))
        assert await asyncio.gather(*(text(language, "print(x)") for language in languages)) == ["0\n", "1\n"]
        assert len(server.kernels()) == 2
        await languages[0].terminate()
        assert await text(languages[1], "x") == "1\n"
        assert await text(languages[0], "'x' in globals()") == "False\n"
    finally:
        for language in languages:
            await language.close()
    assert server.kernels() == []
    with pytest.raises(LanguageError, match="closed"):
        await text(languages[0], "1")


async def test_close_while_the_kernel_starts_leaves_none(server: Server) -> None:
    language = RemotePython(server.url, TOKEN)
    starting = spawn(language.start(), "start")
    await asyncio.sleep(0.02)
    await language.close()
    await asyncio.wait([starting])
    assert server.kernels() == []
    assert starting.cancelled() or isinstance(starting.exception(), LanguageError)


@pytest.mark.parametrize(("token", "words"), [("wrong", "did not accept the token"), ("", "wants a token")])
async def test_a_wrong_token_is_told_with_what_to_do(server: Server, token: str, words: str) -> None:
    python = RemotePython(server.url, token)
    with pytest.raises(LanguageError, match=words) as refused:
        await text(python, "1")
    assert "computer.kernel_gateway_token" in refused.value.fix
    await python.close()


async def test_an_unknown_kind_of_kernel_is_told(server: Server) -> None:
    python = RemotePython(server.url, TOKEN, kernel="no-such-kernel")
    with pytest.raises(LanguageError, match="no-such-kernel"):
        await python.start()
    await python.close()


@pytest.mark.parametrize(
    "url", ["", "here", "ftp://localhost/", "http://localhost:1/?token=x", "http://ann:pass@localhost:1"]
)
async def test_what_is_no_address_is_refused_unshown(url: str) -> None:
    python = RemotePython(url, TOKEN)
    with pytest.raises(LanguageError, match="no address") as refused:
        await python.start()
    assert "pass" not in str(refused.value)
    await python.close()


async def test_an_address_with_nothing_of_the_sort_is_told(server: Server) -> None:
    python = RemotePython(f"{server.url}/elsewhere", TOKEN)
    with pytest.raises(LanguageError, match="has nothing at the address"):
        await python.start()
    await python.close()


async def test_a_server_that_never_answers_is_given_up_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        python = RemotePython(f"http://127.0.0.1:{silent.getsockname()[1]}", TOKEN, timeout=0.3)
        start = time.perf_counter()
        with pytest.raises(LanguageError, match=r"no answer within 0\.3 seconds"):
            await text(python, "1")
        assert time.perf_counter() - start < 5
        await python.close()
    with pytest.raises(LanguageError, match="cannot be reached"):  # nobody listens any more
        await python.terminate()
        await text(python, "1")
    await python.close()


async def test_a_server_killed_in_a_run_is_told_and_found_again(
    fleeting: Server, tmp_path_factory: pytest.TempPathFactory
) -> None:
    python = RemotePython(fleeting.url, TOKEN)
    task, _ = await begin(python, "print('on', flush=True)\nimport time\ntime.sleep(999)")
    start = time.perf_counter()
    fleeting.end()
    with pytest.raises(LanguageError, match=r"connection to Python on 127\.0\.0\.1 was lost"):
        await task
    assert time.perf_counter() - start < 5
    with pytest.raises(LanguageError, match="cannot be reached"):
        await text(python, "1")
    with serving(tmp_path_factory.mktemp("again"), int(fleeting.url.rpartition(":")[2])) as again:
        said = await text(python, "print('back')")
        assert "earlier variables are lost" in said
        assert said.endswith("back\n")
        await python.close()
        assert again.kernels() == []


class Relay:
    """A way to the server that can be cut."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._writers: list[asyncio.StreamWriter] = []

    async def open(self) -> str:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def cut(self) -> None:
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def close(self) -> None:
        self.cut()
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._port)
        self._writers += [writer, back]
        await asyncio.gather(self._pass(reader, back), self._pass(there, writer))

    async def _pass(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await source.read(65536):
                sink.write(data)
        sink.close()


async def test_after_a_broken_line_the_variables_are_still_there(server: Server) -> None:
    relay = Relay(int(server.url.rpartition(":")[2]))
    python = RemotePython(await relay.open(), TOKEN)
    try:
        await text(python, "kept = 1")
        task, _ = await begin(python, "print('on', flush=True)\nimport time\nwhile True: time.sleep(9)")
        relay.cut()
        with pytest.raises(LanguageError, match="may still run there"):
            await task
        said = await text(python, "print(kept)")
        assert said.startswith("What still ran when the connection was lost has been interrupted.\n")
        assert said.endswith("1\n")
    finally:
        await python.close()
        await relay.close()
    assert server.kernels() == []
