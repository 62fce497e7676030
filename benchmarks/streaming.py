#!/usr/bin/env python3
"""What a streamed reply costs us, beside the bare openai client: tokens a second, and the wait before a request leaves.

    .venv/bin/python benchmarks/streaming.py [--runs 9]

A server in a process of its own answers from memory, so that the client is what is measured. The contestants take
turns within one run; prints a line for each and exits 1 when one of ours is over its bound.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from oi_voice.messages import Kind, Message, Role, user

TOKENS, CALL, SHORT_CALL = 10_000, 64_000, 6_400  # of a reply, and characters of a call's code
MIN_RATIO = 0.5  # of the bare client's pieces a second, of text and of a call
MIN_LONG_RATIO = 0.8  # of a short call's rate: what a piece costs must not grow with the call
MAX_LEAVE_MS = 10.0
LEAST = {
    "text": TOKENS * len(" token"),
    "call": CALL * 0.9,
    "fence": CALL * 0.9,
    "short call": SHORT_CALL * 0.9,
}  # decoded code is shorter
LENGTHS = (10, 100, 1000)
# Open Interpreter 0.4.3 on 2 cores of a busy machine, Python 3.11.
REFERENCE = """\
Open Interpreter 0.4.3, for comparison: 1,375 tokens/s where the openai client made 14,630 (0.09 x);
the request leaves after 5 ms / 136 ms / 19 s at 10 / 100 / 1,000 messages"""

# --- the server


async def serve() -> None:
    """Answer by the model's name until nobody holds our input any more; prints the address first."""
    from oi_voice.testing.server import ModelServer, Request, Script, blob, by_request, raw_call, streaming

    def call(length: int) -> Script:
        code = "x = 1234\\n" * (length // 10)
        return blob(raw_call('{"language": "python", "code": "' + code + '"}', size=6), finish="tool_calls")

    def step(request: Request) -> Script:
        """Code for a question, words for a result."""
        last = request.data.rpartition(b'"content": "')[2]
        return (
            streaming("It is 42.")
            if last.startswith(b"The code printed")
            else streaming("Let me see.\n```python\nprint(6 * 7)\n```\n")
        )

    canned = {"text": blob(" token" for _ in range(TOKENS)), "call": call(CALL), "short call": call(SHORT_CALL)}
    canned["fence"] = blob(["```python\n", *["x = 1\n" for _ in range(CALL // 6)], "```"])

    def script(request: Request) -> Script:
        named = re.search(rb'"model": ?"([^"]*)"', request.data)  # not parsed: that would be part of the wait
        model = named[1].decode() if named else ""
        return step(request) if model == "steps" else canned.get(model) or streaming(repr(request.at))

    async with ModelServer(by_request(script), keep=True) as server:
        print(server.url, flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


@contextmanager
def server() -> Iterator[str]:
    """The address of a server in another process; its model ``steps`` answers questions by code, results by words."""
    command = [sys.executable, __file__, "--serve"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield process.stdout.readline().strip()
        process.communicate()


# --- the contestants


@dataclass(frozen=True, slots=True)
class Result:
    """A reply: when it was asked for and whole (``time.monotonic()``), the pieces that it came in, its text."""

    began: float
    ended: float
    pieces: int
    text: str


Contestant = Callable[[str, str, list[Message]], Result]
"""Takes the server's address, a model's name and messages; warms up with one reply and tells of the next."""


def bare(url: str, model: str, messages: list[Message]) -> Result:
    """The openai client alone, reading what the server sends."""
    from openai import AsyncOpenAI

    from oi_voice.llm.chat import to_chat

    chat = to_chat(messages, functions=True)

    async def read(client: AsyncOpenAI) -> Result:
        began, pieces, text = time.monotonic(), 0, []
        async for piece in await client.chat.completions.create(model=model, messages=chat, stream=True):
            delta = piece.choices[0].delta
            words = delta.tool_calls[0].function.arguments if delta.tool_calls else delta.content
            if words:
                pieces += 1
                text.append(words)
        return Result(began, time.monotonic(), pieces, "".join(text))

    async def main() -> Result:
        async with AsyncOpenAI(base_url=url, api_key="none") as client:
            await read(client)
            return await read(client)

    return asyncio.run(main())


def ours(url: str, model: str, messages: list[Message]) -> Result:
    """Our adapter: ``OpenAIModel.respond``."""
    from oi_voice.llm.openai_compatible import OpenAIModel
    from oi_voice.llm.options import Options
    from oi_voice.ports import Abilities

    async def read(adapter: OpenAIModel) -> Result:
        began, pieces, text = time.monotonic(), 0, []
        async for delta in adapter.respond(messages):
            words = delta.call.arguments if delta.call else delta.text
            if words:
                pieces += 1
                text.append(words)
        return Result(began, time.monotonic(), pieces, "".join(text))

    async def main() -> Result:
        adapter = OpenAIModel(Options(model, url, abilities=Abilities(functions=True)))
        try:
            await read(adapter)
            return await read(adapter)
        finally:
            await adapter.close()

    return asyncio.run(main())


def facade(url: str, model: str, messages: list[Message]) -> Result:
    """The whole of it: ``OpenInterpreter.chat(stream=True)``, from its thread through loop, adapter and parser."""
    from oi_voice import OpenInterpreter
    from oi_voice.lmc import to_lmc

    llm = {"model": f"openai/{model}", "api_base": url, "context_window": 10_000_000, "supports_functions": True}
    with OpenInterpreter(llm=llm, conversation_history=False) as interpreter:

        def read() -> Result:
            interpreter.messages = entries[:-1]
            began, pieces, text = time.monotonic(), 0, []
            for chunk in interpreter.chat(entries[-1], stream=True, display=False):
                if chunk["type"] == "confirmation":
                    break
                if "content" in chunk:
                    pieces += 1
                    text.append(chunk["content"])
            return Result(began, time.monotonic(), pieces, "".join(text))

        entries = [to_lmc(message) for message in messages]
        read()
        return read()


BARE = "openai client"
CONTESTANTS: dict[str, Contestant] = {BARE: bare, "OpenAIModel.respond": ours, "chat(stream=True)": facade}

# --- the measures


def conversation(length: int) -> list[Message]:
    """A conversation of that many messages, half of them code and what it printed."""
    turn = [
        user("Please count the lines of every file here, and tell me which has the most. " * 2),
        Message(Role.ASSISTANT, Kind.MESSAGE, "I will list the files and count their lines. " * 3),
        Message(Role.ASSISTANT, Kind.CODE, "for name in names:\n    print(name, count(name))\n" * 5, "python"),
        Message(Role.COMPUTER, Kind.CONSOLE, "README.md 120\nsetup.py 14\n" * 10, "output"),
    ]
    return [turn[number % 4] for number in range(length - 1)] + [user("Go on.")]


def rates(url: str, model: str, runs: int) -> dict[str, float]:
    """Pieces a second, medians; the contestants take turns."""
    found: dict[str, list[float]] = {name: [] for name in CONTESTANTS}
    for _ in range(runs):
        for name, contestant in CONTESTANTS.items():
            gc.collect()
            result = contestant(url, model, [user("Go.")])
            if len(result.text) < LEAST[model]:
                raise SystemExit(f"{name} lost part of the reply.")
            found[name].append(result.pieces / (result.ended - result.began))
    return {name: statistics.median(each) for name, each in found.items()}


def leaving(url: str, runs: int) -> dict[str, list[float]]:
    """Milliseconds from the call until the server had all of the request, medians, for each of LENGTHS."""
    found: dict[str, list[float]] = {}
    for name, contestant in CONTESTANTS.items():
        found[name] = []
        for length in LENGTHS:
            messages = conversation(length)
            results = [contestant(url, "clock", messages) for _ in range(runs)]
            found[name].append(statistics.median([(float(each.text) - each.began) * 1000 for each in results]))
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    line = parser.parse_args()
    if line.serve:
        asyncio.run(serve())
        return 0
    with server() as url:
        text, call, fence, short = (rates(url, model, line.runs) for model in LEAST)
        wait = leaving(url, line.runs)
    failed = False
    print(f"bounds: text and calls {MIN_RATIO} x {BARE}, long calls {MIN_LONG_RATIO} x short ones, {MAX_LEAVE_MS} ms")
    for name in CONTESTANTS:
        ratio, calls, longer = text[name] / text[BARE], call[name] / call[BARE], call[name] / short[name]
        fences = fence[name] / fence[BARE]
        good = min(ratio, calls, fences) >= MIN_RATIO and longer >= MIN_LONG_RATIO and max(wait[name]) <= MAX_LEAVE_MS
        failed |= name != BARE and not good
        print(f"{name}: {'' if name == BARE else 'ok' if good else 'over'}".rstrip(" :"))
        print(f"  text       {text[name]:9,.0f} pieces/s {ratio:6.2f} x {BARE}")
        beside = f"{call[name] / text[name]:.2f} x its text, {longer:.2f} x a call of a tenth its length"
        print(f"  long call  {call[name]:9,.0f} pieces/s {calls:6.2f} x {BARE}, {beside}")
        beside = f"{fence[name] / text[name]:.2f} x its text"
        print(f"  long fence {fence[name]:9,.0f} pieces/s {fences:6.2f} x {BARE}, {beside}")
        slope = (wait[name][-1] - wait[name][0]) / (LENGTHS[-1] - LENGTHS[0]) * 1000
        waits, lengths = (" / ".join(map(str, each)) for each in ([round(one, 1) for one in wait[name]], LENGTHS))
        print(f"  leaves after {waits} ms at {lengths} messages: {slope:.1f} us a message")
    print(REFERENCE)
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main())
