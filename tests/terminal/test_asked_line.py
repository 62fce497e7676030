"""The line that running code asks for, typed at a real terminal: in the chat, and in a program that waits."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from pseudo_terminal import Terminal

from oi_voice.testing.server import in_turn, serve, streaming

HARNESS = """
import asyncio, sys
from oi_voice.testing import harness

def made(secret, timeout):
    h = harness(["```python\\ninput()\\n```\\n", "Fine."], auto_run=True, input_timeout=float(timeout))
    h.language.asks = [("Name\x1b[2J? ", secret == "secret")]
    return h
"""
CHAT = """
from oi_voice.terminal.chat import Chat, Lines
from oi_voice.terminal.render import Printer

async def main():
    h = made(*sys.argv[1:])
    try:
        await Chat(h.engine, Printer(), Lines()).run()
    finally:
        await h.engine.close()

asyncio.run(main())
"""
WAITS = """
from oi_voice.facade.interpreter import OpenInterpreter
from oi_voice.settings import Settings
from oi_voice.terminal.blocking import BlockingTerminal

class Machine:
    def __init__(self, engine):
        self.engine = engine
    async def close(self):
        await self.engine.close()

class Composition:
    def settings(self):
        return Settings(auto_run=True)
    async def open(self, settings, hooks):
        return Machine(made(*sys.argv[2:]).engine)
    def terminal(self):
        return BlockingTerminal()

class Interpreter(OpenInterpreter):
    _composition = Composition()

with Interpreter() as interpreter:
    try:
        if sys.argv[1] == "chat":
            new = interpreter.chat("ask me")
        elif sys.argv[1] == "stream":
            new = [chunk for chunk in interpreter.chat("ask me", stream=True, display=False) if chunk.get("content")]
        else:
            new = interpreter.computer.run("python", "input()")
        print("\\nnew:", [message["content"] for message in new if message["type"] == "console"])
    except KeyboardInterrupt:
        print("\\ninterrupted")
"""
ASKED = r"── asked by the code ──\nName⟨U\+001B⟩\[2J\? "
ASKED_SECRET = r"── asked by the code, what you type is not shown ──\nName⟨U\+001B⟩\[2J\? "


@pytest.fixture
def start() -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def start_one(program: str, *arguments: str) -> Terminal:
        opened.append(Terminal(sys.executable, "-c", HARNESS + program, *arguments))
        return opened[-1]

    yield start_one
    for each in opened:
        each.close()


def chatting(start: Callable[..., Terminal], sort: str = "plain", timeout: str = "30", ahead: str = "") -> Terminal:
    it = start(CHAT, sort, timeout)
    it.until("> ")
    it.type(f"ask me\n{ahead}")
    it.until(ASKED_SECRET if sort == "secret" else ASKED)
    return it


def test_the_next_line_is_the_answer_and_the_chat_goes_on(start: Callable[..., Terminal]) -> None:
    it = chatting(start)
    it.type("Ann\n")
    assert it.until("Fine.").startswith("Ann\nAnn\ndone")
    it.until("> ")
    it.type("hello\n")
    it.until("Fine.")


def test_what_was_typed_ahead_is_no_answer(start: Callable[..., Terminal]) -> None:
    it = chatting(start, ahead="ahead\n")
    it.type("Ann\n")
    assert "Ann\ndone" in it.until("> ")


def test_a_secret_is_not_shown_and_then_typing_is_again(start: Callable[..., Terminal]) -> None:
    it = chatting(start, "secret")
    assert not it.echoes
    it.type("hunter2\n")
    assert it.until("Fine.").startswith("\nhunter2\ndone")  # what the code prints of it, and nothing else
    it.until("> ")
    assert it.echoes


@pytest.mark.parametrize("sort", ["plain", "secret"])
def test_ctrl_d_is_no_answer_and_the_chat_goes_on(start: Callable[..., Terminal], sort: str) -> None:
    it = chatting(start, sort)
    it.type("\x04")
    it.until("no answer: the person gave no answer")
    it.until("> ")
    assert it.echoes
    it.type("hello\n")
    it.until("Fine.")
    it.until("> ")
    it.type("\x04")
    assert it.process.wait(10) == 0


def test_a_line_that_ctrl_d_ended_counts(start: Callable[..., Terminal]) -> None:
    it = chatting(start)
    it.type("An")
    it.type("n\x04")
    it.type("\x04")
    it.until("Ann\ndone")


@pytest.mark.parametrize("sort", ["plain", "secret"])
def test_ctrl_c_stops_the_turn(start: Callable[..., Terminal], sort: str) -> None:
    it = chatting(start, sort)
    it.type("\x03")
    it.until("> ")
    assert it.echoes
    it.type("hello\n")
    it.until("Fine.")


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGHUP])
def test_told_to_end_it_shows_again_what_is_typed(start: Callable[..., Terminal], ending: signal.Signals) -> None:
    it = chatting(start, "secret")
    it.process.send_signal(ending)
    assert it.process.wait(10) == 0
    assert it.echoes


def test_what_was_begun_for_a_question_that_timed_out_is_no_request(start: Callable[..., Terminal]) -> None:
    it = chatting(start, "secret", "1")
    it.type("hunt")
    it.until("not answered in time")
    it.until("> ")
    assert it.echoes
    it.type("er2\n")
    assert "hunt" not in it.until("Fine.")


def test_piped_lines_answer_and_their_end_is_no_answer() -> None:
    command = [sys.executable, "-c", HARNESS + CHAT, "plain", "30"]
    for lines, came in (("ask me\nAnn\n", "Ann\ndone"), ("ask me\n", "no answer: the person gave no answer\ndone")):
        done = subprocess.run(command, input=lines, capture_output=True, text=True, timeout=30, check=True)
        assert came in done.stdout


# --- a program that waits


@pytest.mark.parametrize(("how", "came"), [("chat", "Ann\nAnn\ndone\n"), ("run", "new: ['Ann\\ndone']")])
def test_a_program_at_a_terminal_asks(start: Callable[..., Terminal], how: str, came: str) -> None:
    it = start(WAITS, how, "plain", "30")
    it.until(ASKED)
    it.type("Ann\n")
    assert came in it.until(r"new: \[.*\]")
    assert it.process.wait(10) == 0


@pytest.mark.parametrize("how", ["chat", "run"])
def test_a_secret_of_a_program_is_not_shown(start: Callable[..., Terminal], how: str) -> None:
    it = start(WAITS, how, "secret", "30")
    it.until(ASKED_SECRET)
    assert not it.echoes
    it.type("hunter2\n")
    assert it.until("new:").count("hunter2") == (how == "chat")  # shown once, by the code
    assert it.process.wait(10) == 0
    assert it.echoes


@pytest.mark.parametrize("how", ["chat", "run"])
def test_ctrl_c_in_a_program(start: Callable[..., Terminal], how: str) -> None:
    it = start(WAITS, how, "secret", "30")
    it.until(ASKED_SECRET)
    it.type("\x03")
    it.until("interrupted")
    assert it.process.wait(10) == 0
    assert it.echoes


@pytest.mark.parametrize(("keys", "came"), [("\x04", "the person gave no answer"), ("", "within 1 second")])
def test_ctrl_d_or_the_time_in_a_program(start: Callable[..., Terminal], keys: str, came: str) -> None:
    it = start(WAITS, "chat", "plain", "1")
    it.until(ASKED)
    it.type(keys)
    it.until(came)
    it.until("new:")
    assert it.process.wait(10) == 0


def test_a_stream_asks_nobody(start: Callable[..., Terminal]) -> None:
    it = start(WAITS, "stream", "plain", "30")
    it.until("nobody is there to answer")


def test_without_a_terminal_nobody_is_asked() -> None:
    for how in ("chat", "run"):
        command = [sys.executable, "-c", HARNESS + WAITS, how, "plain", "30"]
        done = subprocess.run(command, input="Ann\n", capture_output=True, text=True, timeout=30, check=True)
        assert "nobody is there to answer" in done.stdout


# --- all of it: the real program, the real kernel


REAL = (sys.executable, "-c", "from oi_voice.app import interpreter; raise SystemExit(interpreter())")
ASKS = """```python
from getpass import getpass
name, secret = input("Name? "), getpass("Secret: ")
try:
    input("Last? ")
except EOFError as error:
    print(name, len(secret), error)
```
"""


def test_the_whole_way_from_the_kernel_to_the_person_and_back() -> None:
    with serve(in_turn(streaming(ASKS), streaming("Done."))) as server:
        model = ("--model", "openai/scripted", "--api_base", server.url, "--api_key", "none")
        it = Terminal(*REAL, *model, "-y")
        try:
            it.until("> ")
            it.type("ask me\n")
            it.until(r"by the code ──\nName\? ")
            it.type("Ann\n")
            it.until(r"not shown ──\nSecret: ")
            assert not it.echoes
            it.type("hunter2\n")
            it.until(r"by the code ──\nLast\? ")
            assert it.echoes
            it.type("\x04")
            it.until("Ann 7 .*the person gave no answer")
            it.until("Done.")
            it.until("> ")
        finally:
            it.close()
        assert "hunter2" not in str(server.requests[-1].body)
