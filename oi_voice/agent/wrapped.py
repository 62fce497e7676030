"""Calls of ``execute`` that models write into their text, and the code that they mean.

What may be one is held back until it is whole (``suspect`` and ``WRAPPERS`` tell by its first characters), and is then
either such a call or what it looks like. Each function's docstring shows a literal output of a model that it is for.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from oi_voice.agent.repair import EXECUTE, READINGS, Found, as_asked, both, call_in_a_call, quiet_tree, tried
from oi_voice.tags import names_language

#: Tags under which models put a call instead of a program; the empty one is of a block without a tag.
TAGS = frozenset(("", "python", "json", "execute", "functions.execute", "tool_call", "tool_calls", "tool"))
TAGS |= {"function_call", "function"}

LONGEST = 100  # blank characters that a block may begin with and still be suspect; and of a language's name
INDENT = 3  # spaces that a wrapper may stand in from the line's start, as a fence may
_CALLS = ("{", "execute(", "functions.execute(", "<tool_call>")
_CALLED = re.compile(r"(?:functions\.)?execute\(\s*(\{.*\})\s*\)\s*;?", re.DOTALL)


# --- blocks


def suspect(tag: str, head: str) -> bool | None:
    """Whether a block that begins so may hold a call instead of a program; None while that is open."""
    start = head.lstrip()
    if tag not in TAGS or len(head) - len(start) >= LONGEST:
        return False
    if start.startswith(_CALLS):
        return True
    if any(opening.startswith(start) for opening in _CALLS):
        return None
    line, ended, _ = start.partition("\n")
    if tag or len(line) >= LONGEST or len(line.split()) > 1:
        return False
    return names_language(line) if ended else None


def block(tag: str, body: str) -> Found | None:
    """Language and code that a suspect block means, or nothing: then it is what it looks like."""
    found = as_json(body) or as_python_call(body)
    return found or (None if tag else language_on_first_line(body))


def as_json(text: str) -> Found | None:
    """``{"language": "python", "code": "print(1)"}`` and nothing else; or ``name`` and ``arguments`` around it,
    ``<tool_call>`` and ``</tool_call>``, ``functions.execute(`` and ``)``"""
    text = text.strip().removeprefix("<tool_call>").removesuffix("</tool_call>").strip()
    called = _CALLED.fullmatch(text)
    raw = called[1] if called else text
    if not raw.startswith("{"):
        return None
    for read in READINGS:
        value = tried(read, raw)
        if not isinstance(value, dict):
            continue
        if value.keys() == {"language", "code"}:
            return as_asked("execute", value)
        if value.get("name") in EXECUTE and value.keys() in ({"name", "arguments"}, {"name", "parameters"}):
            return call_in_a_call("execute", value)
    return None


def as_python_call(text: str) -> Found | None:
    '''``execute(language="python", code="print(1)")``, ``execute("python", """print(1)""")``'''
    tree = tried(quiet_tree, text.strip().removesuffix(";"))
    spoken = tree.body if tree else None
    if not isinstance(spoken, ast.Call) or ast.unparse(spoken.func) not in EXECUTE:
        return None
    given = dict(zip(("language", "code"), spoken.args, strict=False))
    given |= {word.arg: word.value for word in spoken.keywords if word.arg}
    values = {key: node.value for key, node in given.items() if isinstance(node, ast.Constant)}
    return as_asked("execute", values) if len(values) == len(spoken.args) + len(spoken.keywords) == 2 else None


def language_on_first_line(text: str) -> Found | None:
    """An untagged block of ``python`` line break ``print(1)``"""
    first, _, code = text.lstrip().partition("\n")
    listed = any(names_language(line) for line in code.splitlines())  # then it is a list of languages
    return both(first, code) if names_language(first) and not listed else None


# --- lines


@dataclass(frozen=True, slots=True)
class Wrapper:
    """A way to write a call into prose, at a line's start; ``last`` finds the line that ``closing`` ends it in."""

    opening: str
    closing: str
    last: re.Pattern[str]
    whole: re.Pattern[str]


WRAPPERS = (
    Wrapper(
        "<tool_call>",
        "</tool_call>",
        re.compile("</tool_call>"),
        re.compile(r" *<tool_call>.*?</tool_call>(?:[ \t]*\r?\n)?", re.DOTALL),
    ),
    Wrapper(  # strings of JSON are of one line, so where no quote follows it is really the end
        "functions.execute(",
        ")",
        re.compile(r"\}\s*\)[^\"'}\]]*\Z"),
        re.compile(r" *functions\.execute\(.*\}\s*\)[ \t]*;?(?:[ \t]*\r?\n)?", re.DOTALL),
    ),
)


class Wrapped:
    """Lines of a wrapper, as they come. ``add`` pieces that end where a line does, if not before."""

    def __init__(self, wrapper: Wrapper) -> None:
        self._wrapper = wrapper
        self._lines: list[str] = []
        self._line: list[str] = []

    def add(self, piece: str) -> bool:
        """Take a piece; true when it brought the wrapper to its end."""
        self._line.append(piece)
        return piece.endswith("\n") and self.over()

    def over(self) -> bool:
        """Whether the wrapper ends with this line, if the line ends here."""
        line = "".join(self._line)
        self._lines.append(line)
        self._line.clear()
        return self._wrapper.last.search(line) is not None

    def parts(self) -> Iterator[str | Found]:
        """Prose and calls in turn."""
        text, said = "".join(self._lines), 0
        closed = text.rfind(self._wrapper.closing)  # looking for a call behind that would cost the square of the text
        end = (text.find("\n", closed) + 1 or len(text)) if closed >= 0 else 0
        for found in self._wrapper.whole.finditer(text, 0, end):
            if code := as_json(found[0]):
                yield text[said : found.start()]
                yield code
                said = found.end()
        yield text[said:]


def may_wrap(line: str) -> bool:
    """Whether the start of a line may become the beginning of a wrapper."""
    start = line.lstrip(" ")
    return len(line) - len(start) <= INDENT and any(wrapper.opening.startswith(start) for wrapper in WRAPPERS)


def wrapped(line: str) -> Wrapped | None:
    """What is to hold the wrapper that this line, or its start, begins with."""
    start = line.lstrip(" ")
    indent = len(line) - len(start)
    found = (Wrapped(wrapper) for wrapper in WRAPPERS if indent <= INDENT and start.startswith(wrapper.opening))
    return next(found, None)
