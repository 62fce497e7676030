"""``input()`` and ``getpass()``: the person is asked, and their line is shown as a terminal would show it."""

from __future__ import annotations

import os
import threading
from typing import Any

from oi_voice.languages.inside.outlet import Outlet

NO_ANSWER = "\x04"  # begins a reply that is none; what follows is the reason


class Asking:
    """Stands in for a kernel's ``raw_input`` and ``getpass``, which ipykernel gives to the code."""

    def __init__(self, kernel: Any, outlet: Outlet) -> None:
        self._kernel, self._outlet = kernel, outlet
        self._process = os.getpid()
        kernel.raw_input, kernel.getpass = self.input, self.getpass

    def input(self, prompt: object = "", /) -> str:
        return self._ask("input()", str(prompt), False)

    def getpass(self, prompt: str = "Password: ", stream: object = None, *, echo_char: str | None = None) -> str:
        return self._ask("getpass()", prompt, True)

    def _ask(self, what: str, prompt: str, secret: bool) -> str:
        if os.getpid() != self._process:
            raise EOFError(f"{what} got no answer: a forked process cannot ask.")
        if threading.current_thread() is not threading.main_thread():
            raise EOFError(f"{what} got no answer: only the main thread can ask.")
        if not self._kernel._allow_stdin:
            raise EOFError(f"{what} got no answer: nobody is there to answer.")
        self._show(prompt)
        self._outlet.mark()
        parent, ident = self._kernel.get_parent("shell"), self._kernel._parent_ident["shell"]
        echo = ""
        try:
            line: str = self._kernel._input_request(prompt, ident, parent, password=secret)
            if line.startswith(NO_ANSWER):
                raise EOFError(f"{what} got no answer: {line.removeprefix(NO_ANSWER)}.")
            echo = "" if secret else line
        finally:
            self._show(echo + "\n")
        return line

    def _show(self, text: str) -> None:
        if text:
            self._outlet.put("stream", {"text": text})
