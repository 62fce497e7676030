"""Goes through Python code as it would run, with what is known of its values, and notes what it does.

Branches are all taken and their ends joined; a loop over what is known is unrolled, another is gone through twice; a
function is gone through where it is called, and at the end where it never is. So what is found is at least
what any run does.
"""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from oi_voice.consent.classify.deeds import Deeds
from oi_voice.consent.classify.knowledge import python_pure as pure
from oi_voice.consent.classify.knowledge.python_calls import CALLS
from oi_voice.consent.classify.knowledge.python_methods import ACTING, ACTING_BEGINS
from oi_voice.consent.classify.python.values import Function, Known, Named, Unknown, Value, inert, join, leaves
from oi_voice.consent.classify.texts import Origin, Text

DEPTH = 20  # calls inside calls


@dataclass(eq=False)
class Scope:
    values: dict[str, Value] = field(default_factory=dict)
    above: Scope | None = None
    shared: dict[str, Scope] = field(default_factory=dict)  # names declared global or nonlocal, and whose they are
    of_class: bool = False  # what a class's body gives is not seen by its methods
    passing: bool = False  # a comprehension's: what := gives goes to the one above


@dataclass(eq=False)
class Machine:
    deeds: Deeds
    scope: Scope = field(default_factory=Scope)
    results: list[list[Value]] = field(default_factory=list)  # what the functions gone through return, innermost last
    yielded: list[list[Value]] = field(default_factory=list)
    active: list[Function] = field(default_factory=list)
    called: set[int] = field(default_factory=set)
    waiting: list[Function] = field(default_factory=list)
    blurred: set[tuple[object, ...]] = field(default_factory=set)  # calls by themselves that were gone through
    layers: int = 0  # code run by code
    carried: Origin = Origin.PLAIN  # what sessions and requests are given to take along
    copied: Text | None = None  # to the clipboard
    keys: str = ""  # pressed one by one

    def tick(self) -> None:
        self.deeds.tick()

    def __post_init__(self) -> None:
        from oi_voice.consent.classify.python.expressions import EXPRESSIONS, other

        self._expressions, self._other = EXPRESSIONS, other

    def value(self, node: ast.expr | None) -> Value:
        self.deeds.tick()
        return self._expressions.get(type(node), self._other)(self, node)

    def run(self, statements: list[ast.stmt]) -> None:
        from oi_voice.consent.classify.python.statements import execute

        for statement in statements:
            self.deeds.tick()
            execute(self, statement)

    def finish(self) -> None:
        """Go through the functions that nobody called: another block may."""
        from oi_voice.consent.classify.python.calls import callbacks
        from oi_voice.consent.classify.python.functions import enter

        if self.keys:
            from oi_voice.consent.classify import shell

            shell.typed(self.deeds, Text((self.keys,)))
        while self.waiting:
            function = self.waiting.pop()
            if id(function.node) not in self.called:
                callbacks(self, [*leaves(enter(self, function, [], {}, guessed=True))], {})

    def define(self, function: Function) -> Function:
        self.waiting.append(function)
        return function

    def lookup(self, name: str) -> Value:
        scope: Scope | None = self.scope.shared.get(name, self.scope)
        while scope is not None:
            if name in scope.values and (scope is self.scope or not scope.of_class):
                return scope.values[name]
            scope = scope.above
        if name in _SAID:
            return _SAID[name]
        return (
            Named(f"builtins.{name}") if hasattr(builtins, name) or name == "get_ipython" else Unknown(name, free=True)
        )

    def assign(self, name: str, value: Value) -> None:
        meant = pure.WELL_KNOWN.get(name) or (f"builtins.{name}" if hasattr(builtins, name) else "")
        if meant and not self.scope.of_class and not inert(value) and not harmless(value, meant):
            self.deeds.unknown(f"gives another meaning to {name}")
        scope = self.scope.shared.get(name, self.scope)
        if scope is not self.scope and name in scope.values:
            value = join(scope.values[name], value)
        scope.values[name] = value

    @contextmanager
    def branch(self, doubt: bool = True) -> Iterator[None]:
        """What is done inside may not be done: afterwards either is so. Without ``doubt`` it mostly is."""
        scope, before = self.scope, dict(self.scope.values)
        here = self.deeds.places.here
        with self.deeds.maybe(doubt):
            yield
        after = scope.values
        for name, value in before.items():
            if after.get(name) is not value:
                after[name] = join(value, after[name]) if name in after else value
        if self.deeds.places.here != here:
            self.deeds.places.here = None


#: What names mean that go without saying.
_SAID: dict[str, Value] = {
    **{name: Named(f"builtins.{name}") for name in dir(builtins)},
    **{name: Named(full) for name, full in pure.WELL_KNOWN.items()},
}
_SAID["__name__"] = Known("__main__")


def harmless(value: Value, meant: str) -> bool:
    """Whether a name that goes without saying still does, or only computes."""
    if not isinstance(value, Named):
        return False
    return value.name == meant or computes(value.name)


def computes(name: str) -> bool:
    """Whether what has this full name is known to compute and no more."""
    if name in CALLS:
        return CALLS[name].verb in ("pure", "home", "cwd", "path", "look", "names", "glob", "joinpath", "basename")
    if name in pure.MODULES or name in pure.SHARED:
        return name not in pure.NOT
    module, _, last = name.rpartition(".")
    if module == "builtins":
        return last in pure.BUILTINS
    if module not in pure.MODULES and not _of_class(module):
        return False
    acts = last in ACTING or (last.startswith(ACTING_BEGINS) and last != "export_text")
    return not last.startswith("_") and name not in pure.NOT and not acts and not _leads_away(module, last)


def _of_class(name: str) -> bool:
    """Whether it is a class of a module that computes: its methods do so too."""
    module, _, last = name.rpartition(".")
    return (module in pure.MODULES and last[:1].isupper()) or (name in pure.SHARED and name not in pure.NOT)


def _leads_away(module: str, last: str) -> bool:
    return last in sys.stdlib_module_names and f"{module}.{last}" not in pure.SHARED
