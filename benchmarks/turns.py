#!/usr/bin/env python3
"""What a turn costs as a conversation grows: turn 200 beside turn 2, threads and descriptors.

    .venv/bin/python benchmarks/turns.py [--turns 200]

Each turn is a question, a block of code that runs in the kernel, and an answer, against a scripted server in another
process. The first and the last twenty turns (without the very first, which starts the kernel) are compared. Prints a
line and exits 1 when the end costs more than 1.1 times the beginning, or a thread or descriptor was gained on the way.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from tempfile import TemporaryDirectory

import psutil
from streaming import server

from oi_voice import OpenInterpreter

MAX_RATIO = 1.1
REFERENCE = "Open Interpreter 0.4.3, for comparison: 0.86 s at turn 2, 5.7 s at turn 100; threads 20, then 68"
WINDOWS = {"a window of 8,000 tokens": 8000, "a window that holds it all": 10_000_000}


def measure(url: str, turns: int, window: int) -> tuple[list[float], list[int], list[int]]:
    """Milliseconds of each turn, and the threads and descriptors after it."""
    llm = {"model": "openai/steps", "api_base": url, "context_window": window, "max_tokens": 1000}
    us, costs, threads, descriptors = psutil.Process(), list[float](), list[int](), list[int]()
    with (
        TemporaryDirectory() as folder,
        OpenInterpreter(llm=llm, auto_run=True, conversation_history_path=folder) as interpreter,
    ):
        for number in range(turns):
            began = time.perf_counter()
            interpreter.chat(f"What is six times seven, for the {number}th time?", display=False)
            costs.append((time.perf_counter() - began) * 1000)
            threads.append(us.num_threads())
            descriptors.append(us.num_fds())
    return costs, threads, descriptors


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=200)
    turns = parser.parse_args().turns
    failed = False
    for name, window in WINDOWS.items():
        with server() as url:
            costs, threads, descriptors = measure(url, turns, window)
        early, late = statistics.median(costs[1:21]), statistics.median(costs[-20:])
        constant = threads[1] == threads[-1] and descriptors[1] == descriptors[-1]
        good = late <= MAX_RATIO * early and constant
        failed |= not good
        print(f"{name}: {'ok' if good else 'over'}")
        print(f"  turn 2 {early:.1f} ms, turn {turns} {late:.1f} ms: {late / early:.2f} x")
        print(f"  threads {threads[1]}, then {threads[-1]}; descriptors {descriptors[1]}, then {descriptors[-1]}")
    print(REFERENCE)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
