"""Where all that code says goes out: in order, capped, and each run's own apart from what earlier ones still say.

What is said waits in one queue, which ipykernel's output thread empties: so neither the order nor the cap needs a lock,
and an interrupt finds nothing half done.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from oi_voice.languages.capped import SHOWN, Capped, Tail
from oi_voice.languages.inside.owners import owner
from oi_voice.languages.output import Screen, notice
from oi_voice.messages import Chunk

FOLDER = "OI_VOICE_OUTPUTS"  # names, in the environment, the folder for long outputs
SOON = 0.02  # seconds that text waits for more
BACKLOG = 250_000  # characters that may wait; whoever says more waits, too
PATIENCE = 10.0  # seconds that code waits for the output thread
LATE_MAX = 2_000  # characters kept of what is said while no run is on
SINCE = "Since then, earlier code has printed:\n"
SAID = "said"  # the type of the message that ``mark`` sends
MEANWHILE = "Meanwhile, earlier code has printed:\n"
MESSAGES = {"stream", "display_data", "execute_result", "update_display_data", "clear_output", "error"}

Content = Mapping[str, Any]


class Outlet:
    """``thread`` is ipykernel's ``IOPubThread``; ``send`` sends a message (type, content) of a parent."""

    def __init__(self, thread: Any, send: Callable[..., object]) -> None:
        self.settle: Callable[[], object] = bool  # brings here what was written past Python so far
        self.mend: Callable[[], object] = bool  # puts standard streams back that code has closed or taken away
        self._thread, self._send = thread, send
        self._process = os.getpid()
        self._waiting: deque[tuple[str, str, Content]] = deque()
        self._size = 0
        self._due = False
        self._run = ""
        self._parent: Content = {}
        self._screen: Screen | None = None
        self._late = Tail(LATE_MAX)

    def instead_of(self, send: Callable[..., Any]) -> Callable[..., Any]:
        """A session's ``send`` which has us say what is to be seen."""

        def sent(stream: Any, what: Any, content: Any = None, *args: Any, **kwargs: Any) -> Any:
            kind = what if isinstance(what, str) else what["header"]["msg_type"]
            if kind not in MESSAGES:
                return send(stream, what, content, *args, **kwargs)
            if os.getpid() == self._process:
                self.settle()
            self.put(kind, content if isinstance(what, str) else what["content"])
            return None

        return sent

    def begin(self, parent: Content, told: int) -> None:
        """A run begins: of its text, the model is shown ``told`` characters."""
        folder = os.environ.get(FOLDER)

        def begin() -> None:
            self._drain()
            self._run, self._parent = parent["header"]["msg_id"], parent
            self._screen = Screen(Capped(SHOWN, told, Path(folder) if folder else None))
            self._say(self._told_late(SINCE))

        self._on_thread(begin)

    def end(self) -> None:
        """The run has ended; what is said from now on is kept for the next one."""

        def end() -> None:
            self._drain()
            screen, self._screen, self._run = self._screen, None, ""
            if screen:
                self._say(screen.end() + self._told_late(MEANWHILE))

        self.settle()
        self._on_thread(end)

    def put(self, kind: str, content: Content, run: str = "") -> None:
        """Say something (a message's type and content) on behalf of the caller's run, or of that one."""
        if os.getpid() != self._process:  # a fork, which has no threads of ours: it is heard where subprocesses are
            data = _words(kind, content).encode("utf-8", "backslashreplace")
            while data:
                data = data[os.write(1, data) :]
            return
        self._waiting.append((run or owner(), kind, content))
        self._size += len(content["text"]) if kind == "stream" else 0
        if self._size > BACKLOG:
            self.flush()
        elif not self._due:
            self._due = True
            self._thread.schedule(self._later)

    def flush(self) -> None:
        """Wait until all that was put is out."""
        if self._waiting and os.getpid() == self._process:
            self._on_thread(self._drain)

    def mark(self) -> None:
        """Let those who listen know that all is out that was put so far."""

        def mark() -> None:
            self._drain()
            self._send(SAID, {}, parent=self._parent)

        self._on_thread(mark)

    def _later(self) -> None:
        self._thread.io_loop.call_later(SOON, self._drain)

    def _drain(self) -> None:
        """Show what waits. On the output thread, as all that follows."""
        self._due = False
        self._size = 0
        chunks: list[Chunk] = []
        for run, kind, content in self._joined():
            if self._screen and run in ("", self._run):
                chunks += self._screen.show(kind, content)
            else:
                self._late.add(_words(kind, content))
        self._say(chunks)

    def _joined(self) -> list[tuple[str, str, Content]]:
        """What waits, pieces of text that follow each other as one."""
        result: list[tuple[str, str, Content]] = []
        pieces: list[str] = []
        while self._waiting:
            run, kind, content = self._waiting.popleft()
            if kind == "stream" and result and pieces and result[-1][0] == run:
                pieces.append(content["text"])
                continue
            if pieces:
                result[-1] = (*result[-1][:2], {"text": "".join(pieces)})
            pieces = [content["text"]] if kind == "stream" else []
            result.append((run, kind, content))
        if pieces:
            result[-1] = (*result[-1][:2], {"text": "".join(pieces)})
        return result

    def _say(self, chunks: list[Chunk]) -> None:
        if chunks:
            pieces = [(chunk.kind, chunk.content, chunk.format) for chunk in chunks]
            self._send("chunks", {"chunks": pieces}, parent=self._parent)

    def _told_late(self, words: str) -> list[Chunk]:
        late = self._late.take()
        return notice(words + late) if late else []

    def _on_thread(self, what: Callable[[], None]) -> None:
        """Have the output thread do it, and wait for that."""
        thread = self._thread.thread
        if thread is threading.current_thread() or not thread.is_alive():
            what()
            return
        done = threading.Event()

        def do() -> None:
            try:
                what()
            finally:
                self._thread.schedule(done.set)  # behind what is to be sent

        self._thread.schedule(do)
        done.wait(PATIENCE)


def _words(kind: str, content: Content) -> str:
    """The text of a message that is said at another time or place."""
    if kind == "stream":
        return str(content["text"])
    screen = Screen(Capped(LATE_MAX))
    chunks = screen.show(kind, content)
    return "".join([chunk.content for chunk in chunks + screen.end() if chunk.format == "output"])
