#!/usr/bin/env python3
"""What a start costs: wall time and peak memory of fresh processes, against the bounds we keep.

    .venv/bin/python benchmarks/startup.py [--runs 9]

Prints a line per start and exits 1 when one of ours is over its bound. Times depend on the machine and on who else
uses it; the ratios to a bare Python, measured in turns within the same run, hold.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from dataclasses import dataclass

MAX_SECONDS, MAX_MB = 0.25, 45

OURS = {
    "oi-voice --help": ["-m", "oi_voice", "--help"],
    "import oi_voice": ["-c", "import oi_voice"],
}
OTHERS = {
    "python -c pass": ["-c", "pass"],
    "import litellm": ["-c", "import os; os.environ['LITELLM_LOCAL_MODEL_COST_MAP'] = 'True'; import litellm"],
}
# Open Interpreter 0.4.3 on 2 cores of a busy machine, Python 3.11.
REFERENCE = """Open Interpreter 0.4.3, for comparison: import 2.72 s, 232 MB; --version 2.63 s"""


@dataclass(frozen=True, slots=True)
class Cost:
    seconds: float
    mb: float


def start(arguments: list[str]) -> Cost:
    """Run a fresh Python to its end, with nothing on its outputs. Raises SystemExit when it fails."""
    quiet = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_WRONLY, 0) for fd in (1, 2)]
    began = time.perf_counter()
    pid = os.posix_spawn(sys.executable, [sys.executable, *arguments], os.environ, file_actions=quiet)
    _, status, usage = os.wait4(pid, 0)
    seconds = time.perf_counter() - began
    if code := os.waitstatus_to_exitcode(status):
        raise SystemExit(f"python {' '.join(arguments)} ended with {code}.")
    # Linux counts kilobytes, macOS bytes.
    return Cost(seconds, usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024))


def measure(commands: dict[str, list[str]], runs: int) -> dict[str, Cost]:
    """Medians of ``runs`` starts, after one that fills the caches; the commands take turns."""
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for run in range(runs + 1):
        for name, arguments in commands.items():
            cost = start(arguments)
            if run:
                costs[name].append(cost)
    return {
        name: Cost(statistics.median(c.seconds for c in each), statistics.median(c.mb for c in each))
        for name, each in costs.items()
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=9)
    costs = measure(OURS | OTHERS, parser.parse_args().runs)
    bare, failed = costs["python -c pass"], 0
    print(f"bounds: {MAX_SECONDS} s, {MAX_MB} MB")
    for name, cost in costs.items():
        good = cost.seconds <= MAX_SECONDS and cost.mb <= MAX_MB
        failed |= name in OURS and not good
        verdict = ("ok" if good else "over") if name in OURS else ""
        ratio = f"{cost.seconds / bare.seconds:5.1f} x"
        print(f"{name:18} {cost.seconds:6.3f} s {ratio} bare python {cost.mb:6.1f} MB  {verdict}".rstrip())
    print(REFERENCE)
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main())
