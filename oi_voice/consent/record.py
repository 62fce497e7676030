"""The record, read: the last answers, each with what came of it. Blocking."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from oi_voice.consent.audit import files


def latest(path: Path, count: int) -> list[dict[str, Any]]:
    """The last ``count`` answers, oldest first, as they were recorded; ``result`` is how the code ended, if known.

    What is no line of the record is passed over: ``audit.verify`` tells of it. Raises OSError.
    """
    results: dict[Any, Any] = {}
    found: list[dict[str, Any]] = []
    for file in reversed(files(path)):
        for entry in map(_entry, reversed(file.read_bytes().splitlines())):
            if entry.get("kind") == "result":
                results[str(entry.get("of"))] = entry.get("result", "")
            elif entry.get("kind") == "decision" and len(found) < count:
                found.append(entry | {"result": results.get(str(entry.get("n")), "")})
        if len(found) >= count:
            break
    return found[::-1]


def _entry(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
