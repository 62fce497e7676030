"""Imports: which modules are known, and under which names they are kept."""

from __future__ import annotations

import ast
import sys

from oi_voice.consent.classify.knowledge import names_in
from oi_voice.consent.classify.knowledge import python_pure as pure
from oi_voice.consent.classify.knowledge.python_calls import CALLS
from oi_voice.consent.classify.python.machine import Machine
from oi_voice.consent.classify.python.values import Named
from oi_voice.consent.classify.scan import is_there

#: Modules that do something by being imported.
_ACT = frozenset(("antigravity", "this", "idlelib", "pty", "site", "turtledemo"))
_ROOTS = (
    frozenset(name.partition(".")[0] for name in (*pure.MODULES, *CALLS))
    | sys.stdlib_module_names
    | names_in(
        """
    google requests httpx bs4 cv2 docx pptx fitz skimage lxml plyer psycopg2 pymysql sqlalchemy
    """
    )
)


def known(name: str) -> bool:
    return name.partition(".")[0] in _ROOTS


def plain(machine: Machine, node: ast.Import) -> None:
    """``import a.b as c``"""
    for alias in node.names:
        _check(machine, alias.name)
        root = alias.name.partition(".")[0]
        name, value = (alias.asname, alias.name) if alias.asname else (root, root)
        machine.assign(name, Named(value))


def some(machine: Machine, node: ast.ImportFrom) -> None:
    """``from a import b as c``"""
    module = "." * node.level + (node.module or "")
    _check(machine, module)
    for alias in node.names:
        name = f"{module}.{alias.name}"
        if alias.name == "*":
            machine.deeds.unknown(f"takes all names of {module}")
            continue
        machine.assign(alias.asname or alias.name, Named(name))


def _check(machine: Machine, name: str) -> None:
    root = name.partition(".")[0]
    here = machine.deeds.places.here
    if not known(name) or root in _ACT:
        machine.deeds.unknown(f"uses {root or 'a module of its own'}, which is not known here")
    elif here is not None and (is_there(f"{here}/{root}.py") or is_there(f"{here}/{root}/__init__.py")):
        machine.deeds.unknown(f"uses {root} from this folder, not the usual one")
