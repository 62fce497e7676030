"""One command: how it is said, the code it becomes, and what is said of the outcome."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from string import Template

from oi_voice.llm.commands.pattern import Phrase, Value, parse
from oi_voice.llm.commands.slots import KINDS

Slots = Mapping[str, Value]


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A row of the table.

    ``says`` are patterns that the grammar and the parser know, ``also`` those of the parser alone (for
    typed words and for recognisers without a grammar). ``code`` is a template of Python in which
    ``$slot`` stands for the slot's Python text, or a function of the slots; without code the command is
    only talked about. ``reply`` is a template with ``$slot`` as spoken and ``$output``, or a function of
    slots and output. ``hidden`` rows are not shown to a person who asks what to say.
    """

    name: str
    group: str
    says: tuple[str, ...]
    examples: tuple[str, ...]
    code: str | Callable[[Slots], str] = ""
    reply: str | Callable[[Slots, str], str] = ""
    also: tuple[str, ...] = ()
    defaults: Slots = field(default_factory=dict)
    hidden: bool = False

    def phrases(self) -> tuple[Phrase, ...]:
        """The patterns' trees, in order of preference."""
        return _phrases((*self.says, *self.also))

    def program(self, slots: Slots) -> str:
        """The code for these slots; empty when there is nothing to run."""
        slots = {**self.defaults, **slots}
        if callable(self.code):
            return self.code(slots)
        return Template(self.code).substitute({name: value.code for name, value in slots.items()})

    def answer(self, slots: Slots, output: str) -> str:
        """What is said, ``output`` being what the code printed."""
        slots = {**self.defaults, **slots}
        if callable(self.reply):
            return self.reply(slots, output)
        return Template(self.reply).substitute({name: value.said for name, value in slots.items()}, output=output)


def hotkey(name: str, group: str, says: str, example: str, keys: str, reply: str) -> Row:
    """A command that is one key combination."""
    names = ", ".join(f'"{key}"' for key in keys.split())
    verb = "hotkey" if " " in keys else "press"
    return Row(name, group, (says,), (example,), f"computer.keyboard.{verb}({names})", reply)


@cache
def _phrases(patterns: tuple[str, ...]) -> tuple[Phrase, ...]:
    return tuple(parse(pattern, KINDS) for pattern in patterns)
