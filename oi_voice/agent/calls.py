"""A call of ``execute``, from the pieces of its arguments to chunks of code.

The code streams once its language is known, and what streamed never changes: when the arguments are whole they are
parsed again strictly, or repaired (``repair``), and what they then say must go on from there. A call that can't be run
comes out as what the model wrote, with words for the model on how to do it right.
"""

from __future__ import annotations

from oi_voice.agent.arguments import Arguments
from oi_voice.agent.repair import EXECUTE, TAIL, call, fenced_code, means_execute
from oi_voice.messages import Chunk, Kind, Role
from oi_voice.ports import CallPiece

HOW = 'Call execute with JSON like {"language": "python", "code": "print(1)"}.'
NO_ARGUMENTS = f"This call had no arguments, so nothing was run. {HOW}"
UNREADABLE = f"The arguments of this call name no language and code, so nothing was run. {HOW}"
CUT = f"The arguments of this call were cut off before their end, so nothing was run. {HOW}"
UNKNOWN = "There is no function {name}, so nothing was run. The only function is execute. {how}"

_ASSISTANT, _CODE = Role.ASSISTANT, Kind.CODE
_ENDS = {"{": "}", "[": "]", '"': '"', "'": "'"}


class Call:
    """One call. ``feed`` pieces of its arguments, then ``end``; ``faults`` gets, by ``id``, why it can't be run."""

    def __init__(self, first: CallPiece, id: str, faults: dict[str, str]) -> None:
        self.index = first.index
        self.given = first.id  # by the server, if it did
        self.name = first.name
        self.id = id
        self.done = False  # all of it came out
        self.unclosed = False
        self._faults = faults
        self._arguments = Arguments()
        self._raw: list[str] = []
        self._said: list[str] = []
        self._streams = first.name in EXECUTE

    def feed(self, text: str) -> list[Chunk]:
        """The chunks that are certain now. What comes after the arguments' end is kept for ``another``."""
        new = self._arguments.feed(text)
        if self.done:
            return []
        self._raw.append(text)
        chunks = []
        if new and self._streams:
            starts = not self._said
            self._said.append(new)
            chunks.append(Chunk(_ASSISTANT, _CODE, new, self._arguments.language, "", self.id, starts))
        if self._arguments.closed:
            chunks += self._settle()
        return chunks

    def another(self) -> str:
        """The arguments that began after the end of these: some models put several calls into one."""
        left = self._arguments.left.lstrip() if self._arguments.closed else ""
        return left if left.startswith("{") else ""

    def end(self) -> list[Chunk]:
        """The rest, once the reply is over."""
        if not self.done:
            return self._settle()
        if self._arguments.closed and not self.another() and not TAIL.fullmatch(self._arguments.left):
            self._faults[self.id] = UNREADABLE
        return []

    def _settle(self) -> list[Chunk]:
        """Emit what is still to be said of a call that is over."""
        self.done = True
        raw, said = "".join(self._raw), "".join(self._said)
        if self._arguments.closed:
            raw = raw[: len(raw) - len(self._arguments.left)]
        whole = self._arguments.closed or self._arguments.broken
        found = call(self.name, raw) if whole else None
        if found:
            language, code = found[0], fenced_code(found[1])
            if not said or (language == self._arguments.language and code.startswith(said)):
                return self._rest(language, code[len(said) :])
        self._fault(raw, whole)
        if said:
            return self._rest(self._arguments.language, self._arguments.left if self._arguments.broken else "")
        return self._rest("json" if self.name in EXECUTE else self.name, raw)

    def _rest(self, language: str, text: str) -> list[Chunk]:
        if self._said and not text:
            return []
        return [Chunk(_ASSISTANT, _CODE, text, language, "", self.id, not self._said)]

    def _fault(self, raw: str, whole: bool) -> None:
        written = raw.strip()
        if written:
            ending = _ENDS.get(written[0], "")
            self.unclosed = not whole or (self._arguments.broken and not written.endswith(ending))
        if self.unclosed:
            words = CUT
        elif not means_execute(self.name):
            words = UNKNOWN.format(name=self.name, how=HOW)
        else:
            words = UNREADABLE if written else NO_ARGUMENTS
        self._faults[self.id] = words
