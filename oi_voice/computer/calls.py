"""Requests, and the handlers' methods that they name."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from oi_voice.computer.api import LOOKS
from oi_voice.computer.names import did_you_mean
from oi_voice.errors import ComputerError


@dataclass(frozen=True, slots=True)
class Request:
    run: str
    call: str
    args: list[Any]
    kwargs: dict[str, Any]

    @classmethod
    def parse(cls, line: bytes) -> Request:
        """Raises ComputerError for anything but a request."""
        try:
            data = json.loads(line)
            request = cls(data["run"], data["call"], data.get("args", []), data.get("kwargs", {}))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise ComputerError("This is no request that the computer understands.", code="computer.request") from None
        types = (isinstance(request.run, str), isinstance(request.call, str))
        if not all((*types, isinstance(request.args, list), isinstance(request.kwargs, dict))):
            raise ComputerError("A request's fields are of the wrong type.", code="computer.request")
        return request


@dataclass(frozen=True, slots=True)
class Call:
    """A method with its arguments, checked against its signature."""

    name: str
    method: Callable[..., Any]
    args: list[Any]
    kwargs: dict[str, Any]
    on_loop: bool
    looks: bool

    def __call__(self) -> Any:
        return self.method(*self.args, **self.kwargs)


class Directory:
    """All that can be called, by name: the handlers' public methods and nothing else of them."""

    def __init__(self, handlers: Mapping[str, object]) -> None:
        self._methods: dict[str, tuple[Callable[..., Any], bool]] = {}
        for name, handler in handlers.items():
            self.add(name, handler, on_loop=False)

    def add(self, name: str, handler: object, *, on_loop: bool) -> None:
        """``on_loop``: call it on the core loop instead of a worker thread."""
        for method in dir(type(handler)):
            member = inspect.getattr_static(handler, method)
            if inspect.isfunction(member) and not method.startswith("_"):
                self._methods[f"{name}.{method}"] = getattr(handler, method), on_loop

    def find(self, request: Request) -> Call:
        """The call asked for. Raises ComputerError when there is none such or the arguments do not fit."""
        if request.call not in self._methods:
            nearest = did_you_mean(request.call, self._methods, "See help(computer) for what there is.")
            raise ComputerError(f"There is no computer.{request.call}.", fix=nearest, code="computer.unknown")
        method, on_loop = self._methods[request.call]
        try:
            inspect.signature(method).bind(*request.args, **request.kwargs)
        except TypeError as error:
            raise ComputerError(f"computer.{request.call}: {error}.", code="computer.arguments") from None
        return Call(request.call, method, request.args, request.kwargs, on_loop, request.call in LOOKS)
