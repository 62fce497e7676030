"""Messages that the checks give, and how they read what a model was sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from oi_voice.testing.wire import Request

PICTURE = (  # a white dot, as PNG
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg=="
)
QUESTION = {"role": "user", "type": "message", "content": "Count them."}
ANSWER = {"role": "assistant", "type": "message", "content": "Two."}
CODE = {"role": "assistant", "type": "code", "format": "python", "content": "count()"}
BLOCK = "```python\nmark()\n```"


def output(text: str) -> dict[str, str]:
    return {"role": "computer", "type": "console", "format": "output", "content": text}


def sent(request: Request) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = request.body["messages"]
    return messages


def system(request: Request) -> str:
    return str(sent(request)[0]["content"])


def spoken(messages: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    return [(message["role"], message["content"]) for message in messages]


class Marking:
    """A language that does nothing but remember."""

    name = "python"

    def __init__(self) -> None:
        self.ran: list[str] = []

    def run(self, code: str) -> Iterator[dict[str, Any]]:
        self.ran.append(code)
        yield {"type": "console", "format": "output", "content": "marked\n"}

    def stop(self) -> None: ...

    def terminate(self) -> None: ...
