"""A documented program, run as it stands: with a scripted model, typed lines and whatever else it takes for granted."""

from __future__ import annotations

import ast
import asyncio
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

import oi_voice
from oi_voice import OpenInterpreter
from oi_voice.errors import OiVoiceError
from oi_voice.testing.replies import in_turn, streaming
from oi_voice.testing.server import ModelServer
from oi_voice.testing.wire import Request, Script

PORTS = (1234, 1337, 11434)  # where LM Studio, Jan and Ollama listen
DONE = "The task is done."  # also ends a loop


@dataclass(frozen=True)
class Program:
    """A program in our own words, and what it and the documented ones like it need and lead to.

    ``check`` tells what must be true afterwards. ``replies`` are the model's, texts or scripts; with ``function`` the
    model is a function that notes what it is called with. ``typed`` is standard input, ``messages`` the conversation
    so far, ``settings`` what is set beforehand, ``given`` names that are taken for granted, ``modules`` and ``files``
    what can be imported and is found beside the program. ``ends`` is the code of the error that ends it. ``after``
    names the programs of whose names it makes use. ``fault`` is what is known not to work yet.
    """

    text: str
    check: Callable[[Scene], None]
    replies: Sequence[str | Script] = (DONE,)
    function: bool = False
    typed: str = ""
    messages: Sequence[Mapping[str, Any]] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    given: Mapping[str, Any] = field(default_factory=dict)
    modules: Callable[[], Mapping[str, Any]] = dict
    files: Mapping[str, str] = field(default_factory=dict)
    warns: bool = False
    ends: str = ""
    after: tuple[str, ...] = ()
    fault: str = ""


class Scene:
    """``names`` are the program's, ``out`` what it printed, ``calls`` how the function was called."""

    def __init__(
        self, program: Program, server: ModelServer, folder: Path, patch: pytest.MonkeyPatch, read: Callable[[], str]
    ) -> None:
        self.program, self.server, self.folder, self.patch, self._read = program, server, folder, patch, read
        self.calls: list[dict[str, Any]] = []
        self.out = self.text = ""
        self._surroundings()
        self.modules = program.modules()
        for name, module in self.modules.items():
            patch.setitem(sys.modules, name, module)
        self.interpreter = OpenInterpreter([dict(message) for message in program.messages], **program.settings)
        if program.function:
            self.interpreter.llm.completions = self._answer
        self.names: dict[str, Any] = {"interpreter": self.interpreter, "__name__": "__main__", **program.given}
        self.names["__file__"] = str(folder / "programs" / "program.py")
        patch.setitem(vars(oi_voice), "interpreter", self.interpreter)
        self.script(program.replies)

    def _surroundings(self) -> None:
        for name in ("DATA", "CONFIG", "STATE", "CACHE"):
            self.patch.setenv(f"XDG_{name}_HOME", str(self.folder / name.lower()))
        for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "OPENAI_BASE_URL"):
            self.patch.delenv(name, raising=False)
        self.patch.setenv("OI_VOICE_LLM_MODEL", "openai/scripted")
        self.patch.setenv("OI_VOICE_LLM_API_BASE", self.server.url)
        self.patch.setenv("E2B_API_KEY", "")  # so that it is taken back
        self.patch.chdir(self.folder)
        beside = self.folder / "programs"  # a kernel imports from there, but not from the working directory
        self.patch.setenv("PYTHONPATH", str(beside))
        beside.mkdir()
        for name, text in self.program.files.items():
            (beside / name).write_text(text, encoding="utf-8")
        _reroute(self.patch, self.server.port)

    def close(self) -> None:
        for interpreter in (self.interpreter, *self.others):
            interpreter.close()

    @property
    def others(self) -> list[OpenInterpreter]:
        """The interpreters that the program made."""
        found = {id(value): value for value in self.names.values() if isinstance(value, OpenInterpreter)}
        return [value for value in found.values() if value is not self.interpreter]

    def run(self, text: str, *before: str) -> None:
        """Run the program, after those that its names come from."""
        for each in before:
            exec(compile(each, "before.py", "exec"), self.names)
        self.text = text
        warning: AbstractContextManager[Any] = pytest.warns(FutureWarning) if self.program.warns else nullcontext()
        ending: AbstractContextManager[Any] = pytest.raises(OiVoiceError) if self.program.ends else nullcontext()
        with typed(self.program.typed), warning, ending as error:
            exec(compile(text, "program.py", "exec"), self.names)
        if self.program.ends:
            assert error.value.code == self.program.ends
        self.out = self._read()

    # --- what the program says of itself

    @property
    def assigned(self) -> dict[str, Any]:
        """What it last set each of the interpreter's attributes to, by dotted name."""
        return self._set(ast.Assign)

    @property
    def added(self) -> dict[str, Any]:
        """What it added to the interpreter's attributes."""
        return self._set(ast.AugAssign)

    def _set(self, kind: type[ast.Assign] | type[ast.AugAssign]) -> dict[str, Any]:
        found = {}
        for node in filter(lambda node: isinstance(node, kind), ast.parse(self.text.strip()).body):
            target = ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target)  # type: ignore[attr-defined]
            if target.startswith("interpreter."):
                value = compile(ast.Expression(node.value), "value", "eval")  # type: ignore[attr-defined]
                found[target.removeprefix("interpreter.")] = eval(value, self.names)
        return found

    @property
    def listed(self) -> list[Any]:
        """The dicts, or the list of them, that it consists of."""
        values = [node.value for node in ast.parse(self.text.strip()).body if isinstance(node, ast.Expr)]
        return [
            ast.literal_eval(value)
            for each in values
            for value in (each.elts if isinstance(each, ast.Tuple) else [each])
        ]

    # --- what came of it

    def get(self, name: str) -> Any:
        """The attribute of that dotted name."""
        return attrgetter(name)(self.interpreter)

    def put(self, name: str, value: object) -> None:
        group, _, last = name.rpartition(".")
        setattr(self.get(group) if group else self.interpreter, last, value)

    def ask(
        self, *replies: str | Script, messages: Sequence[Mapping[str, Any]] | None = None, words: str = "And now?",
        settings: Mapping[str, Any] = MappingProxyType({}),
    ) -> list[Request]:  # fmt: skip
        """Go on talking, with these settings for as long, by their dotted names; what the server is asked.

        ``messages`` are the conversation before, if not the program's own; without ``words`` it is answered as it is.
        """
        changes = {"llm.api_base": self.server.url, "llm.completions": None, **settings}
        kept, first = {name: self.get(name) for name in changes}, len(self.server.requests)
        self.script(replies or (DONE,))
        if messages is not None:
            self.interpreter.messages = [dict(message) for message in messages]
        try:
            for name, value in changes.items():
                self.put(name, value)
            self.interpreter.chat(words or self.interpreter.messages, display=False)
        finally:
            for name, value in kept.items():
                self.put(name, value)
        return self.server.requests[first:]

    def call(self) -> dict[str, Any]:
        """How a function in the model's place is called."""
        self.ask(settings={"llm.api_base": self.interpreter.llm.api_base, "llm.completions": self._answer})
        return self.calls[-1]

    def _answer(self, **asked: Any) -> Iterator[str]:
        self.calls.append(asked)
        yield DONE

    def script(self, replies: Sequence[str | Script]) -> None:
        self.server.script = in_turn(*[streaming(each) if isinstance(each, str) else each for each in replies])


@contextmanager
def typed(lines: str) -> Iterator[None]:
    """These lines, and then no more, on standard input."""
    reading, writing = os.pipe()
    os.write(writing, lines.encode())
    os.close(writing)
    kept = os.dup(0)
    os.dup2(reading, 0)
    os.close(reading)
    try:
        yield
    finally:
        os.dup2(kept, 0)
        os.close(kept)


def _reroute(patch: pytest.MonkeyPatch, port: int) -> None:
    """Lead whoever asks a model server at its usual port of this machine to ours."""
    connect = asyncio.BaseEventLoop.create_connection

    async def rerouted(loop: Any, factory: Any, host: Any = None, wanted: Any = None, **options: Any) -> Any:
        if wanted in PORTS:
            host, wanted = "127.0.0.1", port
        return await connect(loop, factory, host, wanted, **options)

    patch.setattr(asyncio.BaseEventLoop, "create_connection", rerouted)
