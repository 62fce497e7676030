"""What documented programs import that is not installed here, no more of it than they use."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any


class Sandbox:
    """``e2b`` as it was: ``run_code(kind, code)`` gives what the code wrote to both outputs. It runs nothing."""

    def __init__(self) -> None:
        self.ran: list[tuple[str, str]] = []

    def run_code(self, kind: str, code: str) -> tuple[str, str]:
        self.ran.append((kind, code))
        return "from afar\n", ""


class FastAPI:
    """An application that keeps its functions by path."""

    def __init__(self) -> None:
        self.routes: dict[str, Callable[..., Any]] = {}

    def get(self, path: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        def keep(function: Callable[..., Any]) -> Callable[..., Any]:
            self.routes[path] = function
            return function

        return keep


class StreamingResponse:
    def __init__(self, content: Iterable[str], media_type: str = "") -> None:
        self.content, self.media_type = content, media_type


def e2b() -> dict[str, Any]:
    return {"e2b": Sandbox()}


def fastapi() -> dict[str, Any]:
    responses = SimpleNamespace(StreamingResponse=StreamingResponse)
    return {"fastapi": SimpleNamespace(FastAPI=FastAPI, responses=responses), "fastapi.responses": responses}
