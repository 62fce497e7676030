"""``computer`` as the code in the kernel sees it: each call is a request to the broker.

``from oi_voice.computer.stub import computer``. Standard library only; Pillow where a picture comes back. The
broker's address is in OI_VOICE_BROKER; the run's secret id is that of the message which the kernel executes.
"""

from __future__ import annotations

import difflib
import functools
import inspect
import io
import json
import os
import socket
import threading
import traceback
from collections.abc import Callable
from typing import Any

from oi_voice.computer import api

ADDRESS = "OI_VOICE_BROKER"


class ComputerError(Exception):
    """The computer refused an action or could not do it; ``code`` says which of its errors it was."""

    def __init__(self, words: str, code: str = "computer") -> None:
        super().__init__(words)
        self.code = code

    def _render_traceback_(self) -> list[str]:
        """What IPython shows: the lines of the person's code, without the way through this file."""
        frames = [frame for frame in traceback.extract_tb(self.__traceback__) if "ipykernel" in frame.filename]
        inside = [frame for frame in frames if frame.filename.rsplit("/", 1)[-1].split(".")[0].isdigit()]
        at = [f"  line {frame.lineno}: {frame.line}" for frame in inside if frame.line]
        return [*at, f"{type(self).__name__}: {self}"]


class _Connection(threading.local):
    """One connection a thread, so that no two calls mix."""

    stream: io.BufferedRWPair | None = None
    process = 0

    def ask(self, call: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        request = {"run": _run(), "call": call, "args": args, "kwargs": kwargs}
        try:
            line = json.dumps(request).encode()
        except (TypeError, ValueError) as error:
            raise ComputerError(f"computer.{call}: {error}.", "computer.arguments") from None
        try:
            stream = self._open()
            stream.write(line + b"\n")
            stream.flush()
            return self._result(stream)
        except OSError as error:
            self.stream = None
            raise ComputerError(f"The computer does not answer: {error}.") from None
        except BaseException as error:
            if not isinstance(error, ComputerError):  # interrupted half way: the rest of the answer is still to come
                self.stream = None
            raise

    def _open(self) -> io.BufferedRWPair:
        if self.stream is None or self.process != os.getpid():
            self.stream, self.process = _connect(os.environ.get(ADDRESS, "")), os.getpid()
        return self.stream

    def _result(self, stream: io.BufferedRWPair) -> Any:
        answer = json.loads(stream.readline() or b"null")
        if answer is None:
            raise ConnectionError("the connection was closed")
        if "error" in answer:
            raise ComputerError(answer["error"]["words"], answer["error"]["code"])
        if "frame" in answer:
            return _picture(answer["frame"], stream.read(answer["bytes"]))
        return answer["result"]


def _connect(address: str) -> io.BufferedRWPair:
    kind, _, place = address.partition(":")
    if kind == "unix":
        line = socket.socket(socket.AF_UNIX)
        line.connect(place)
        return line.makefile("rwb")
    if kind == "tcp":
        host, port, secret = place.split(":")
        stream = socket.create_connection((host, int(port))).makefile("rwb")
        stream.write(f"{secret}\n".encode())
        return stream
    raise ComputerError("There is no computer to reach: this code does not run inside oi_voice.")


def _run() -> str:
    """The id of the message whose code calls. A thread has that of the run that started it, however long it lives.

    The kernel marks it so. One that was started past ``threading`` belongs to no run.
    """
    thread = threading.current_thread()
    if (started := getattr(thread, "oi_voice_run", None)) is not None:
        return str(started)
    if thread is not threading.main_thread():
        return ""
    try:
        from IPython import get_ipython

        return str(get_ipython().kernel.get_parent()["header"]["msg_id"])
    except (ImportError, AttributeError, KeyError):
        return ""


def _picture(frame: list[int], rgb: bytes) -> Any:
    from PIL import Image

    return Image.frombytes("RGB", (frame[0], frame[1]), rgb)


def _show(picture: Any) -> None:
    """Rich output; PNG at its fastest, for it is read once, on this machine."""
    from IPython.display import display

    packed = io.BytesIO()
    picture.save(packed, "PNG", compress_level=1)
    display({"image/png": packed.getvalue(), "text/plain": repr(picture)}, raw=True)
    picture._repr_png_ = picture._repr_jpeg_ = None  # shown already, also where it is the cell's last value


_connection = _Connection()


def _remote(call: str, declared: Callable[..., Any]) -> Callable[..., Any]:
    """The declared method, its body replaced by a request."""
    gives_tuple = str(inspect.signature(declared).return_annotation).startswith("tuple")

    @functools.wraps(declared)
    def method(self: object, *args: Any, **kwargs: Any) -> Any:
        result = _connection.ask(call, args, kwargs)
        return tuple(result) if gives_tuple else result

    return method


def _part(name: str, declared: type) -> Any:
    body = {method: _remote(f"{name}.{method}", member) for method, member in api.methods(declared)}

    def missing(self: object, method: str) -> Any:
        nearest = difflib.get_close_matches(method, [known for known in dir(declared) if known[0] != "_"], 1)
        asked = f" Did you mean {nearest[0]}?" if nearest else ""
        raise AttributeError(f"There is no computer.{name}.{method}.{asked}")

    return type(declared.__name__, (declared,), {**body, "__doc__": declared.__doc__, "__getattr__": missing})


class _Display(_part("display", api.Display)):  # type: ignore[misc]  # the base is made from the declaration
    __doc__ = api.Display.__doc__

    @functools.wraps(api.Display.view)
    def view(self) -> Any:
        picture = super().view()
        _show(picture)
        return picture


class _Anything:
    """A part whose methods only the broker knows."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, method: str) -> Callable[..., Any]:
        if method.startswith("_"):  # what inspectors look for
            raise AttributeError(method)
        return lambda *args, **kwargs: _connection.ask(f"{self._name}.{method}", args, kwargs)


class Computer:
    def __init__(self) -> None:
        for name, declared in api.PARTS.items():
            setattr(self, name, _part(name, declared)())
        self.display = _Display()

    def __getattr__(self, name: str) -> _Anything:
        if name.startswith("_"):
            raise AttributeError(name)
        return _Anything(name)


Computer.__doc__ = f"The screen, mouse, keyboard, clipboard, programs and windows.\n\n{api.describe()}\n"
computer = Computer()
