"""One reply of a model, from deltas to chunks: its thoughts, its text, and the code in its text and its calls."""

from __future__ import annotations

from collections.abc import Callable

from oi_voice.agent.calls import Call
from oi_voice.agent.parse import Parser, call_id
from oi_voice.agent.thoughts import Thoughts
from oi_voice.messages import Chunk, Kind, Role
from oi_voice.ports import CallPiece, Delta

THOUGHT, TEXT = "thought", "text"  # who speaks, if it is no call

Speaker = str | Call


class Reply:
    """``take`` deltas, then ``end``; both return the chunks that are certain.

    Every chunk of code has a ``call``: the id of the model's own call, or one that ``named`` made where it gave none or
    one that is ``taken``, by an earlier reply. ``faults`` says, by it, why a block can't be run, in words for the
    model. Chunks of one block come in a row: whoever speaks while a block is open waits until it has ended.
    """

    def __init__(self, named: Callable[[], str] = call_id, taken: Callable[[str], bool] = lambda call: False) -> None:
        self.faults: dict[str, str] = {}
        self._named = named
        self._taken = taken
        self._used: set[str] = set()
        self._parser = Parser(named, self.faults)
        self._thoughts = Thoughts(self._parser.feed)
        self._calls: dict[int, Call] = {}  # the latest of each index
        self._begun: list[Call] = []
        self._open: Call | None = None  # the call that has the floor
        self._waiting: dict[Speaker, list[str]] = {}

    @property
    def unclosed(self) -> bool:
        """Whether a block or a call's arguments have not ended (yet)."""
        return self._parser.unclosed or self._open is not None or any(call.unclosed for call in self._begun)

    def take(self, delta: Delta) -> list[Chunk]:
        """The chunks that are certain now."""
        piece, call = delta.call, self._open
        plain = not delta.text and not delta.thought
        if piece and call and plain and not piece.id and self._calls.get(piece.index) is call:
            return self._hear(call, piece.arguments) + self._next()
        if piece is None and not delta.thought and call is None and not self._waiting:
            return self._thoughts.feed(delta.text) if delta.text else []
        chunks = self._offer(THOUGHT, delta.thought) if delta.thought else []
        if delta.text:
            chunks += self._offer(TEXT, delta.text)
        if piece:
            chunks += self._offer(self._called(piece), piece.arguments)
        return chunks

    def end(self) -> list[Chunk]:
        """The rest, once the reply is over."""
        chunks: list[Chunk] = []
        while self._open or self._waiting:
            chunks += self._open.end() if self._open else self._end_text()
            self._open = None
            chunks += self._next()
        chunks += self._end_text()
        for call in self._begun:
            chunks += call.end()
        return chunks

    def _end_text(self) -> list[Chunk]:
        return self._thoughts.end() + self._parser.end()

    def _offer(self, who: Speaker, text: str) -> list[Chunk]:
        """Hear this now, or when the block that is open has ended."""
        chunks = self._pause(who)
        if who is not self._open and (self._open or (who is not TEXT and self._parser.open)):
            self._waiting.setdefault(who, []).append(text)
            return chunks
        return chunks + self._hear(who, text) + self._next()

    def _next(self) -> list[Chunk]:
        chunks: list[Chunk] = []
        while self._waiting and not self._open and not self._parser.open:
            who = next(iter(self._waiting))
            text = "".join(self._waiting.pop(who))
            chunks += self._pause(who) + self._hear(who, text)
        return chunks

    def _pause(self, who: Speaker) -> list[Chunk]:
        """A call ends the text before it."""
        if self._open or not isinstance(who, Call) or who.done:
            return []
        return self._thoughts.end() + self._parser.pause()

    def _hear(self, who: Speaker, text: str) -> list[Chunk]:
        if who is TEXT:
            return self._thoughts.feed(text)
        if not isinstance(who, Call):
            return [Chunk(Role.ASSISTANT, Kind.REASONING, text)]
        chunks = who.feed(text)
        while who.done and (rest := who.another()):
            who = self._begin(CallPiece(who.index, "", who.name))
            chunks += who.feed(rest)
        self._open = None if who.done else who
        return chunks

    def _called(self, piece: CallPiece) -> Call:
        """The call that a piece belongs to. Some servers give all calls one index: a new id, or a name once the last
        arguments are whole, begins a new one."""
        call = self._calls.get(piece.index)
        if call is None or (piece.id and piece.id != call.given):
            return self._begin(piece)
        again = call.done and piece.name and piece.arguments.strip()
        return self._begin(piece) if again else call

    def _begin(self, piece: CallPiece) -> Call:
        usable = piece.id and piece.id not in self._used and not self._taken(piece.id)
        call = Call(piece, piece.id if usable else self._named(), self.faults)
        self._used.add(call.id)
        self._calls[piece.index] = call
        self._begun.append(call)
        return call
