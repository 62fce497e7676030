"""Goes through a shell's program command by command, and follows what each is given and prints."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from oi_voice.consent.classify.deeds import Deeds
from oi_voice.consent.classify.knowledge.variables import COMMANDS_IN
from oi_voice.consent.classify.texts import Piece, Text

if TYPE_CHECKING:
    from tree_sitter import Node

LAYERS = 5  # of shells in shells


@cache
def _handlers() -> dict[str, Callable[[Shell, Node, Text | None], Text | None]]:
    from oi_voice.consent.classify.shell import control, lines

    return control.HANDLERS | lines.HANDLERS


@dataclass(eq=False)
class Shell:
    deeds: Deeds
    code: bytes = b""
    holes: list[Piece] = field(default_factory=list)
    variables: dict[str, Text] = field(default_factory=dict)
    arrays: dict[str, list[Text]] = field(default_factory=dict)
    functions: dict[str, Node] = field(default_factory=dict)
    called: set[str] = field(default_factory=set)  # of the functions
    aliases: dict[str, Text] = field(default_factory=dict)
    counted: set[str] = field(default_factory=set)  # variables whose values are evaluated as sums
    active: list[str] = field(default_factory=list)
    layer: int = 0

    def source(self, node: Node) -> str:
        """A node's text. The tree, read piece by piece, would ask for the pieces again."""
        return self.code[node.start_byte : node.end_byte].decode("utf-8", "replace")

    @contextmanager
    def aside(self) -> Iterator[None]:
        """What is done inside leaves folder and variables as they were."""
        variables, here = dict(self.variables), self.deeds.places.here
        yield
        self.variables, self.deeds.places.here = variables, here

    def run(self, node: Node, given: Text | None = None) -> Text | None:
        """Go through a node; ``given`` is what comes in, the result what is printed, as far as it is known."""
        self.deeds.tick()
        if node.is_error or node.is_missing:
            self.deeds.unknown("is not a complete program")
        kind = node.type
        handler = _handlers().get(kind)
        if handler is not None:
            return handler(self, node, given)
        if kind in ("comment", "heredoc_redirect") or not node.is_named:
            return None
        return self.walk_inside(node, given)

    def program(self, node: Node) -> None:
        """Go through a whole program, and then the functions that it does not call: another block may."""
        self.run(node)
        while waiting := [name for name in self.functions if name not in self.called]:
            self.called.add(waiting[0])
            self.run(self.functions[waiting[0]])

    def walk_inside(self, node: Node, given: Text | None = None) -> Text | None:
        """Go through everything that is in a node."""
        printed: Text | None = None
        several = False
        for child in node.children:
            if child.is_named and child.type not in ("heredoc_redirect", "comment"):
                out = self.run(child, given)
                printed, several = (out if not several else None), several or out is not None
        return printed

    def sets(self, name: str, value: Text) -> None:
        """Give a variable a value; of some of them the value is a command that something else runs."""
        self.deeds.steers(name, value)
        if name.endswith(COMMANDS_IN):
            from oi_voice.consent.classify.shell import line

            line(self.deeds, value, above=self)
        if name in self.counted:
            from oi_voice.consent.classify.shell.sums import evaluates

            evaluates(self, value)
        self.variables[name] = value
