"""PowerShell: every command must be known, and every method."""

from __future__ import annotations

import re

from oi_voice.consent.classify.deeds import Deeds
from oi_voice.consent.classify.knowledge import scripts as known
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.scripts.acts import act
from oi_voice.consent.classify.scripts.tokens import CutError
from oi_voice.consent.classify.texts import Origin, Text, Wild

_WORD = re.compile(
    r"""(?P<comment>\#[^\n]*)|(?P<text>'(?:[^']|'')*'|"(?:[^"`]|`.|"")*")|(?P<end>[\n;|{}(]|&&)|(?P<close>[)\]])"""
    r"""|(?P<static>\[[\w.]+\]::\w+)|(?P<method>\.\w+(?=\())|(?P<into>\d?>{1,2}(?:&\d)?)|(?P<run>&|(?<=\s)\.(?=\s))"""
    r"""|(?P<word>[^\s'"|;{}()\[\],=&$@<>!+*%:/][^\s'"|;{}()\[\],=&$<>]*)|(?P<value>\$[\w:]+|[@,=+*/%<!\[:])"""
    r"""|(?P<blank>\s+|.)""",
)
_NUMBER = re.compile(r"[\d.]+(?:[kmgtp]b)?$")
_STATICS = frozenset(
    ("math", "datetime", "string", "guid", "int", "double", "timespan", "convert", "environment", "regex")
)
_SENDS = frozenset(("-body", "-method", "-infile", "-form", "-headers"))


def inspect(code: str, deeds: Deeds) -> None:
    if len(code) > 100_000:
        raise CutError
    deeds.add(Effect.READS)
    code = re.sub(r"<#.*?#>", " ", code, flags=re.DOTALL)
    words: list[tuple[str, str]] = []
    into = ""
    for found in _WORD.finditer(code):
        deeds.tick()
        kind = found.lastgroup or "blank"
        if into and kind in ("text", "word", "value"):
            path = Text((found[0].strip("\"'"),)) if kind != "value" else None
            (deeds.appends if ">>" in into else deeds.writes)(path)
            into = ""
        elif kind == "into":
            into = found[0] if "&" not in found[0] else ""
        elif kind == "end":
            _command(words, deeds, piped=found[0] == "|")
            words = []
        elif kind == "run":
            deeds.unknown("runs a program whose name is made as it runs")
        elif kind == "static":
            _static(found[0], deeds)
            words.append(("value", found[0]))
        elif kind == "method":
            if found[0][1:].lower() not in known.POWERSHELL_METHODS:
                deeds.unknown(f"calls {found[0][1:]}() of something, which is not known here")
        elif kind not in ("blank", "comment", "close"):
            words.append((kind, found[0]))
            if kind == "text" and found[0].startswith('"') and "$(" in found[0]:
                for inner in re.findall(r"\$\(([^()]*)\)", found[0]):
                    inspect(inner, deeds)
    _command(words, deeds)


def _static(text: str, deeds: Deeds) -> None:
    kind, _, method = text.strip("[").replace("]", "").partition("::")
    kind = kind.lower().removeprefix("system.")
    if (kind not in _STATICS and kind != "io.path") or method.lower() in ("exit", "failfast", "setenvironmentvariable"):
        deeds.unknown(f"uses {text}, which is not known here")


def _command(words: list[tuple[str, str]], deeds: Deeds, piped: bool = False) -> None:
    """One command with its words."""
    while words and (words[0][0] == "value" or words[0][1] == "="):
        if len(words) > 1 and words[1][1] == "=":
            words = words[2:]
        elif words[0][1] in ("=", "!", "-"):
            words = words[1:]
        else:
            return
    if not words or words[0][0] == "text" or words[0][1].startswith("-") or _NUMBER.match(words[0][1]):
        return
    name = words[0][1].lower()
    rest = words[1:]
    options = {word.lower() for kind, word in rest if word.startswith("-")}
    if any(word.startswith("-enc") for word in options) or name in (
        "iex",
        "invoke-expression",
        "invoke-command",
        "icm",
        "add-type",
    ):
        deeds.add(Effect.HIDDEN, reason="runs code that is made as it runs or hidden in text")
    elif name in known.POWERSHELL:
        verb = known.POWERSHELL[name]
        args = _arguments(rest)
        if verb == "fetch" and options & _SENDS:
            verb = "send"
        act(deeds, verb, args, name)
        if verb == "fetch" and "-outfile" in options:
            deeds.writes(None)
    elif name not in known.POWERSHELL_WORDS:
        deeds.unknown(f"runs {words[0][1]}, which is not known here")


def _arguments(rest: list[tuple[str, str]]) -> list[Text | None]:
    found: list[Text | None] = []
    skip = False
    for kind, word in rest:
        if kind == "word" and word.startswith("-"):
            skip = word.lower() in (
                "-filter",
                "-include",
                "-exclude",
                "-encoding",
                "-itemtype",
                "-name",
                "-value",
                "-method",
                "-body",
            )
        elif skip:
            skip = False
        elif kind == "text":
            found.append(Text((word[1:-1],)) if not ("$" in word and word[0] == '"') else None)
        elif kind == "word":
            pieces = [Wild(part) if part in "*?" else part for part in re.split(r"([*?])", word) if part]
            found.append(Text(tuple(pieces)))
        elif word.startswith("$"):
            found.append(Text((Origin.OPAQUE,)))
    return found
