"""The built-in command model: no account, no download, no guessing."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from oi_voice.llm.commands import talk
from oi_voice.llm.commands.pattern import Match
from oi_voice.llm.commands.row import Row, Slots
from oi_voice.llm.commands.table import TABLE, sayings
from oi_voice.llm.commands.text import Text
from oi_voice.messages import DECLINED, Kind, Message, Role
from oi_voice.ports import Abilities, Delta

_LEFT_ALONE = "All right, I left it alone."
_POLITE = re.compile(
    r"^(?:(?:hey |hello )?computer[,!]? (?=\w)|please,? |(?:can|could|would) you (?:please )?)+", re.IGNORECASE
)
_POLITE_END = re.compile(r",? please[.!?]*$", re.IGNORECASE)
_ERROR = re.compile(r"(?:\w+\.)*(?P<name>[A-Z]\w*(?:Error|Exception|Interrupt|Exit|Iteration))(?::\s*(?P<words>.*))?$")
# How a sentence about the end of the kernel itself begins.
_RUNTIME = re.compile(r"Python(?:'s | has been closed| could not be started|.*; its variables are lost)")
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_FENCE = re.compile(r"(`|~){3,}")


@dataclass(frozen=True, slots=True)
class Command:
    """A sentence understood: the row it belongs to and what its slots hold."""

    row: Row
    slots: Slots


def understand(sentence: str) -> Command | None:
    """The one command that this sentence is, or None.

    Every word must be accounted for. Of several readings the one with fewest words in free slots wins;
    when two rows remain that would do different things, it is nobody's.
    """
    stripped = _POLITE.sub("", sentence.strip())
    return _only(Text.of(stripped)) or _only(Text.of(_POLITE_END.sub("", stripped)))


def _only(text: Text) -> Command | None:
    if not text.tokens:
        return None
    found = [(match.guessed, row, match) for row in TABLE if (match := _best(row, text))]
    fewest = min((guessed for guessed, _, _ in found), default=0)
    commands = [Command(row, match.slots) for guessed, row, match in found if guessed == fewest]
    if len({command.row.program(command.slots) or command.row.name for command in commands}) != 1:
        return None
    return commands[0]


def _best(row: Row, text: Text) -> Match | None:
    matches = (match for phrase in row.phrases() if (match := phrase.whole(text)))
    return min(matches, key=lambda match: match.guessed, default=None)


class CommandModel:
    """A ``ports.Model`` that knows the table and nothing else; it keeps nothing between calls."""

    name = "commands"
    abilities = Abilities(context_window=1_000_000, functions=True)  # it wants code and results as they are

    async def start(self) -> None: ...

    async def close(self) -> None: ...

    async def respond(self, messages: Sequence[Message]) -> AsyncGenerator[Delta, None]:
        """Code for the last thing the person said, or, once that has run, a sentence about its outcome."""
        asked = max((at for at, message in enumerate(messages) if message.role is Role.USER), default=None)
        if asked is not None and (text := _reply(messages[:asked], messages[asked].content, messages[asked + 1 :])):
            yield Delta(text)
        yield Delta(finish="stop")


def _reply(before: Sequence[Message], sentence: str, after: Sequence[Message]) -> str:
    command = understand(sentence)
    if command is None:
        return talk.UNKNOWN
    if any(message.content.startswith(DECLINED) for message in after):
        return _LEFT_ALONE
    if any(message.kind is Kind.CODE for message in after):
        return _prose(_outcome(command, _printed(after)))
    if code := command.row.program(command.slots):
        return f"```python\n{code}\n```\n"
    known = {talk.REPEAT: lambda: _last_said(before), talk.SAYINGS: _examples}
    return _prose(command.row.answer(command.slots, known.get(command.row.name, str)()))


def _prose(text: str) -> str:
    """``text`` without the marks of a block: a window's title or a file's name must never become code."""
    return _FENCE.sub(r"\1\1", text)


def _outcome(command: Command, printed: str) -> str:
    last = printed.rsplit("\n", 1)[-1].strip()
    if _RUNTIME.match(last):
        return last
    failed = _ERROR.match(last)
    if failed and ("Traceback" in printed or failed["name"] == "ComputerError"):
        words = re.sub(r"^\[Errno -?\d+\] ", "", failed["words"] or failed["name"])
        return f"That did not work: {words.rstrip('.')}."
    try:
        return command.row.answer(command.slots, printed)
    except ValueError:  # what was printed is not the number that the code prints
        return f"That did not work: {last.rstrip('.') or 'nothing came back'}."


def _printed(messages: Sequence[Message]) -> str:
    console = (m.content.rstrip("\n") for m in messages if m.role is Role.COMPUTER and m.format == "output")
    return _ANSI.sub("", "\n".join(console)).strip()


def _last_said(messages: Sequence[Message]) -> str:
    said = (m.content for m in reversed(messages) if m.role is Role.ASSISTANT and m.kind is Kind.MESSAGE and m.content)
    return next(said, "I have not said anything yet.")


def _examples() -> str:
    return "You can say: " + "; ".join(phrases[0] for phrases in sayings().values()) + "; and more."
