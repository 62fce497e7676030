"""What models write where the arguments of ``execute`` belong, and the code that they mean.

Two tables of pure functions. ``READINGS`` make a value of arguments that are no JSON; ``SHAPES`` find the language and
the code in a value that is not as it was asked for. Each function's docstring shows a literal output of a model that
it is there for. None completes what was cut off: what is not whole is nobody's.
"""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Callable
from typing import Any

from oi_voice.tags import names_language, normal

Found = tuple[str, str]  # language and code

UNREADABLE = (ValueError, TypeError, SyntaxError, RecursionError, MemoryError)  # what readers raise at nonsense
EXECUTE = ("", "execute", "functions.execute")
ALSO_EXECUTE = ("execute_code", "run", "run_code", "exec", "code_interpreter")

_STRING = r'"(?:[^"\\]|\\.)*"'
_COMMA = re.compile(rf"({_STRING})|,(?=\s*[}}\]])", re.DOTALL)
_ESCAPE = re.compile(r'\\(["\\/bfnrt]|u[0-9a-fA-F]{4})|\\(.)', re.DOTALL)
TAIL = re.compile(r"[\s}\])`;]*(?:</tool_call>)?\s*")
_FENCED = re.compile(r"\s*(`{3,})[^\n`]*\n(.*\n)\1\s*", re.DOTALL)


# --- from text to a value


def raw_newlines(raw: str) -> Any:
    """``{"language": "python", "code": "a = 1`` line break ``print(a)"}``"""
    return json.loads(raw, strict=False)


def trailing_comma(raw: str) -> Any:
    """``{"language": "python", "code": "print(1)",}``"""
    return json.loads(_COMMA.sub(lambda found: found[1] or "", raw), strict=False)


def needless_end(raw: str) -> Any:
    """``{"language": "python", "code": "print(1)"}}``"""
    raw = raw.lstrip()
    value, end = json.JSONDecoder(strict=False).raw_decode(raw)
    if not TAIL.fullmatch(raw, end):
        raise ValueError("more than a needless end")
    return value


def unknown_escapes(raw: str) -> Any:
    r"""``{"language": "python", "code": "re.findall('\d+', it\'s)"}``"""
    return json.loads(_ESCAPE.sub(_escape, raw), strict=False)


def _escape(found: re.Match[str]) -> str:
    if found[1]:
        return found[0]
    return "'" if found[2] == "'" else rf"\\{found[2]}"


def python_literal(raw: str) -> Any:
    """``{'language': 'python', 'code': 'print("hello")'}``"""
    return ast.literal_eval(quiet_tree(raw.strip()).body)


def twice_encoded(raw: str) -> Any:
    r"""``"{\"language\": \"python\", \"code\": \"print(1)\"}"``"""
    value = json.loads(raw)
    return json.loads(value, strict=False) if isinstance(value, str) else None


def fenced_json(raw: str) -> Any:
    """`````json`` line break ``{"language": "python", "code": "print(1)"}`` line break ```````"""
    fenced = _FENCED.fullmatch(raw)
    return json.loads(fenced[2], strict=False) if fenced else None


READINGS: tuple[Callable[[str], Any], ...] = (
    json.loads,
    raw_newlines,
    trailing_comma,
    needless_end,
    unknown_escapes,
    python_literal,
    twice_encoded,
    fenced_json,
)


# --- from a value to language and code; ``name`` is the function's


def as_asked(name: str, value: Any) -> Found | None:
    """``{"language": "python", "code": "print(1)"}``"""
    return both(value.get("language"), value.get("code")) if isinstance(value, dict) else None


def call_in_a_call(name: str, value: Any) -> Found | None:
    """``{"name": "execute", "arguments": {"language": "python", "code": "print(1)"}}``"""
    if not isinstance(value, dict):
        return None
    inner, called = value.get("arguments", value.get("parameters")), value.get("name", "")
    if isinstance(inner, str) and isinstance(called, str):
        return call(called, inner)
    if not isinstance(inner, dict) or not isinstance(called, str) or inner.keys() & {"arguments", "parameters"}:
        return None
    return _shaped(called, inner) if means_execute(called) else None


def other_keys(name: str, value: Any) -> Found | None:
    """``{"lang": "python", "source": "print(1)"}``"""
    if not isinstance(value, dict):
        return None
    language = next((value[key] for key in ("language", "lang") if key in value), None)
    return both(language, next((value[key] for key in ("code", "source", "script", "command") if key in value), None))


def list_of_lines(name: str, value: Any) -> Found | None:
    """``{"language": "python", "code": ["a = 1", "print(a)"]}``"""
    lines = value.get("code") if isinstance(value, dict) else None
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        return None
    return both(value.get("language"), "\n".join(lines))


def language_as_key(name: str, value: Any) -> Found | None:
    """``{"python": "print(1)"}``"""
    if not isinstance(value, dict) or len(value) != 1:
        return None
    [(key, code)] = value.items()
    return both(key, code) if isinstance(key, str) and names_language(key) else None


def language_as_function(name: str, value: Any) -> Found | None:
    """A call of ``python`` with ``{"code": "print(1)"}``, or with ``"print(1)"``"""
    if not names_language(name):
        return None
    if isinstance(value, dict) and len(value) == 1:
        [value] = value.values()
    return both(name, value)


def no_language(name: str, value: Any) -> Found | None:
    """``{"code": "import os\\nprint(os.getcwd())"}``"""
    code = value.get("code") if isinstance(value, dict) and "language" not in value else None
    return both("python", code) if isinstance(code, str) and _is_python(code) else None


SHAPES: tuple[Callable[[str, Any], Found | None], ...] = (
    as_asked,
    call_in_a_call,
    other_keys,
    list_of_lines,
    language_as_key,
    language_as_function,
    no_language,
)


def means_execute(name: str) -> bool:
    """Whether a call of this function is one of ``execute``: models call ``python`` and ``run_code``, too."""
    return name in EXECUTE or name in ALSO_EXECUTE or names_language(name)


def call(name: str, raw: str) -> Found | None:
    """Language and code that a call of the function ``name`` with these arguments means, or nothing."""
    if not means_execute(name):
        return None
    for read in READINGS:
        value = tried(read, raw)
        found = _shaped(name, value) if value is not None else None
        if found:
            return found
    return bare_code(name, raw)


def bare_code(name: str, raw: str) -> Found | None:
    """A call of ``python`` with ``print(1)``, or of ``execute`` with ``import os`` line break ``os.remove("a")``"""
    if raw.lstrip()[:1] in ("{", "[", '"', "'", ""):  # meant as JSON, and not readable
        return None
    if names_language(name):
        return both(name, raw)
    return both("python", raw) if _is_python(raw) else None


def fenced_code(code: str) -> str:
    """``{"language": "python", "code": "```python\\nprint(1)\\n```"}``: the code in the fence."""
    fenced = _FENCED.fullmatch(code) if code.startswith("`") else None
    return fenced[2] if fenced and fenced[2].strip() else code


# --- helpers


def both(language: Any, code: Any) -> Found | None:
    """Language and code, if these are a language and code."""
    if not isinstance(language, str) or not isinstance(code, str) or not code.strip() or not normal(language):
        return None
    try:
        code.encode()  # half a character is no text: nobody downstream could write it
    except UnicodeEncodeError:
        return None
    return normal(language), code


def _shaped(name: str, value: Any) -> Found | None:
    return next((found for shape in SHAPES if (found := shape(name, value))), None)


def tried(read: Callable[[str], Any], raw: str) -> Any:
    """What ``read`` makes of it, or None."""
    try:
        return read(raw)
    except UNREADABLE:
        return None


def quiet_tree(source: str) -> ast.Expression:
    """The tree of a Python expression. Raises one of ``UNREADABLE``."""
    with warnings.catch_warnings():  # the code's own escapes are nobody's business here
        warnings.simplefilter("ignore")
        return ast.parse(source, mode="eval")


def _is_python(code: str) -> bool:
    """Whether this is surely Python: it parses, and does more than name things (``ls -la`` is a difference)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(code)
        except UNREADABLE:
            return False
    doing = (ast.Call, ast.Import, ast.ImportFrom, ast.Assign, ast.FunctionDef, ast.ClassDef)
    return any(isinstance(node, doing) for node in ast.walk(tree))
