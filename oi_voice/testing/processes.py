"""Whether processes are gone."""

from __future__ import annotations

import os
import select


def ended(pid: int, seconds: float = 10.0) -> bool:
    """Whether a process, which need not be a child of ours, ends in time. Linux only."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], seconds)[0])
    finally:
        os.close(handle)
