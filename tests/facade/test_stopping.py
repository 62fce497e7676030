"""Ctrl-C, a question in the terminal, waiting out a busy server, and programs with a loop of their own."""

from __future__ import annotations

import asyncio
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from interpreters import Make
from patience import SOON

from oi_voice import AsyncInterpreter
from oi_voice.errors import ModelError
from oi_voice.runtime import spawn
from oi_voice.testing.replies import in_turn, refusing, silent, streaming
from oi_voice.testing.server import ModelServer, serve
from oi_voice.testing.wire import Script

INTERRUPTED = """
import sys, time
from oi_voice import OpenInterpreter
interpreter = OpenInterpreter(llm={"model": "openai/m", "api_base": sys.argv[1]}, conversation_history=False)
try:
    interpreter.chat("hi", display=False)
except KeyboardInterrupt:
    print("left at", time.monotonic(), flush=True)
"""
ASKED = """
import sys
from oi_voice import OpenInterpreter
interpreter = OpenInterpreter(llm={"model": "openai/m", "api_base": sys.argv[1]}, conversation_history=False)
print(interpreter.chat("hi")[1]["content"].strip(), "and", input("mine: "))
"""


@pytest.mark.parametrize("script", [silent(), streaming("one ", stall=True)])
def test_ctrl_c_ends_a_stalled_model_call_at_once(script: Script) -> None:
    with serve(script) as server:
        program = subprocess.Popen([sys.executable, "-c", INTERRUPTED, server.url], stdout=subprocess.PIPE, text=True)
        assert server.until(server.asked.is_set, 30)
        began = time.monotonic()
        program.send_signal(signal.SIGINT)
        out, _ = program.communicate(timeout=10)
        assert float(out.split()[-1]) - began < SOON
        assert server.until(server.hung_up.is_set)


@pytest.mark.parametrize(("answer", "printed"), [("y", "7"), ("n", "Declined")])
def test_code_is_asked_for_in_the_terminal_and_the_rest_of_the_input_is_the_programs(answer: str, printed: str) -> None:
    with serve(in_turn(streaming("```python\nprint(3 + 4)\n```"), streaming("Done."))) as server:
        master, slave = pty.openpty()
        program = subprocess.Popen(
            [sys.executable, "-c", ASKED, server.url], stdin=slave, stdout=slave, stderr=slave, start_new_session=True
        )
        os.close(slave)
        seen = ""

        def until(words: str) -> None:
            nonlocal seen
            while words not in seen:
                seen += os.read(master, 4096).decode()

        until("Run this? [y/n]")
        os.write(master, f"{answer}\n".encode())
        until("mine:")
        os.write(master, b"own line\n")
        until("and own line")
        assert printed in seen
        assert program.wait(10) == 0
        os.close(master)


def test_a_busy_server_is_asked_again_when_it_says(make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    busy = refusing(429, headers={"Retry-After": "0.05"})
    interpreter, server = make(busy, busy, "At last.")
    assert interpreter.chat("hi")[0]["content"] == "At last."
    assert len(server.requests) == 3
    assert "trying again" in capsys.readouterr().err


def test_a_refusal_is_not_asked_again(make: Make) -> None:
    interpreter, server = make(refusing(400))
    with pytest.raises(ModelError):
        interpreter.chat("hi", display=False)
    assert len(server.requests) == 1


# --- with a loop of one's own


def asynchronous(server: ModelServer, **settings: object) -> AsyncInterpreter:
    return AsyncInterpreter(llm={"model": "openai/m", "api_base": server.url}, conversation_history=False, **settings)


async def test_an_async_program_streams_and_is_not_held_up(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    code = streaming(f"```python\nopen({str(mark)!r}, 'w').close()\n```")
    async with ModelServer(in_turn(code, code, streaming("Done."))) as server:
        with asynchronous(server) as interpreter:
            async for chunk in interpreter.stream("do it"):
                if chunk["type"] == "confirmation":
                    break
            assert not mark.exists()
            interpreter.messages = []
            kinds = [chunk["type"] async for chunk in interpreter.stream("do it")]
            assert kinds[-1] == "message"
            assert mark.exists()


async def test_cancelling_an_async_chat_ends_its_request() -> None:
    async with ModelServer(silent()) as server:
        with asynchronous(server) as interpreter:
            task = spawn(interpreter.chat("hi"), "chat")
            await server.asked.wait()
            task.cancel()
            await asyncio.wait_for(server.hung_up.wait(), 5)


async def test_an_async_chat_gives_the_new_messages_and_runs_nothing_unasked(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    code = streaming(f"```python\nopen({str(mark)!r}, 'w').close()\n```")
    async with ModelServer(
        in_turn(streaming("Hi."), code, streaming("All right."), code, streaming("Done."))
    ) as server:
        with asynchronous(server) as interpreter:
            assert [message["content"] for message in await interpreter.chat("hi")] == ["Hi."]
            new = await interpreter.chat("do it")
            assert "Declined" in new[1]["content"]
            assert not mark.exists()
            interpreter.auto_run = True
            await interpreter.chat("do it")
            assert mark.exists()
