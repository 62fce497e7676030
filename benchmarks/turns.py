#!/usr/bin/env python3
"""What a turn costs as a conversation grows: turn 200 beside turn 2, threads and descriptors.

    .venv/bin/python benchmarks/turns.py [--turns 200]

Each turn is a question, a block of code that runs in the kernel, and an answer, against a scripted server in another
process. One interpreter has the long conversation; at its last turns another one, with a fresh conversation each time,
takes its first two in between, so that whatever else the machine does meets both. Of either the second of two turns in
a row is counted. Prints medians and exits 1 when the late turns cost more than 1.1 times the second ones, or a thread
or descriptor was gained on the way.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from dataclasses import dataclass
from tempfile import TemporaryDirectory

import psutil
from streaming import server

from oi_voice import OpenInterpreter

MAX_RATIO = 1.1
COMPARED = 30  # turns at the end
REFERENCE = "Open Interpreter 0.4.3, for comparison: 0.86 s at turn 2, 5.7 s at turn 100; threads 20, then 68"
# The first is what an unknown model on this machine is taken to hold, and the one that is bounded: a fuller window is
# more to send and to read, whoever sends it.
WINDOWS = {"the default window, 3,000 tokens": None, "8,000 tokens": 8000, "a window that holds it all": 10_000_000}


@dataclass(frozen=True, slots=True)
class Costs:
    """Milliseconds of second and of late turns, and the threads and descriptors before and after all."""

    second: list[float]
    late: list[float]
    threads: tuple[int, int]
    descriptors: tuple[int, int]


def measure(url: str, turns: int, window: int | None) -> Costs:
    """The costs of so many turns, and then of some more."""
    llm = {"model": "openai/steps", "api_base": url, "context_window": window, "max_tokens": 1000}
    us, second, late = psutil.Process(), list[float](), list[float]()
    with (
        TemporaryDirectory() as folder,
        OpenInterpreter(llm=llm, auto_run=True, conversation_history_path=folder) as long,
        OpenInterpreter(llm=llm, auto_run=True, conversation_history_path=folder) as fresh,
    ):
        for interpreter in (long, fresh):
            turn(interpreter)
        threads, descriptors = us.num_threads(), us.num_fds()
        for _ in range(turns - COMPARED):
            turn(long)
        for _ in range(COMPARED):
            turn(long)
            late.append(turn(long))
            fresh.messages = []
            turn(fresh)
            second.append(turn(fresh))
        return Costs(second, late, (threads, us.num_threads()), (descriptors, us.num_fds()))


def turn(interpreter: OpenInterpreter) -> float:
    """Take a turn; returns its milliseconds."""
    began = time.perf_counter()
    interpreter.chat("What is six times seven?", display=False)
    return (time.perf_counter() - began) * 1000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=200)
    turns = parser.parse_args().turns
    failed = False
    for name, window in WINDOWS.items():
        with server() as url:
            costs = measure(url, turns, window)
        second, late = statistics.median(costs.second), statistics.median(costs.late)
        constant = all(before >= after for before, after in (costs.threads, costs.descriptors))
        good = late <= MAX_RATIO * second and constant
        failed |= not good and window is None
        print(f"{name}: {'ok' if good else 'over'}")
        print(f"  turn 2 {second:.1f} ms, turn {turns} {late:.1f} ms: {late / second:.2f} x")
        print("  threads {}, then {}; descriptors {}, then {}".format(*costs.threads, *costs.descriptors))
    print(REFERENCE)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
