"""What the windows' process needs of Qt's bindings."""

from __future__ import annotations

import subprocess
import sys

# With Python 3.11, PySide6 6.12.0 drops a reference to None in each call that returns nothing: some 5,000 calls, a few
# seconds of the meter, and the process is aborted.
CALLS = """
from PySide6.QtCore import QObject
item = QObject()
for _ in range(50_000):
    item.setObjectName("x")
"""


def test_a_call_that_returns_nothing_costs_nothing() -> None:
    done = subprocess.run([sys.executable, "-c", CALLS], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, f"install the PySide6 of constraints.txt: {done.stderr}"
