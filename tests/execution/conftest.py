"""A fresh interpreter by its public name, with every language that this computer has, and nobody to ask."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from oi_voice import OpenInterpreter


@pytest.fixture
def interpreter() -> Iterator[OpenInterpreter]:
    with OpenInterpreter(conversation_history=False, llm={"model": "commands"}) as interpreter:
        yield interpreter
