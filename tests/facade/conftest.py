"""A fresh interpreter, by the public name, whose model is a scripted server on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from interpreters import Make

from oi_voice import OpenInterpreter
from oi_voice.testing.replies import in_turn, streaming
from oi_voice.testing.server import ModelServer, serve
from oi_voice.testing.wire import Script


@pytest.fixture(autouse=True)
def a_home_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def make() -> Iterator[Make]:
    """``make(*replies, **settings)``: an interpreter, and the server that gives these replies (texts or scripts)."""
    with ExitStack() as stack:

        def made(*replies: str | Script, **settings: Any) -> tuple[OpenInterpreter, ModelServer]:
            scripts = [streaming(reply) if isinstance(reply, str) else reply for reply in replies]
            server = stack.enter_context(serve(in_turn(*scripts)))
            llm = {"model": "openai/scripted", "api_base": server.url, "api_key": "none"}
            return stack.enter_context(OpenInterpreter(**{"llm": llm, **settings})), server

        yield made
