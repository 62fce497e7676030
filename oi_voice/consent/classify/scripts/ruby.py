"""Ruby: every word must be known, or be a name of the code's own."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from oi_voice.consent.classify.deeds import Deeds
from oi_voice.consent.classify.knowledge import names_in
from oi_voice.consent.classify.knowledge import scripts as known
from oi_voice.consent.classify.knowledge.variables import SECRET_VARIABLE
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.scripts.acts import act, again, handed, told
from oi_voice.consent.classify.scripts.brackets import divided, matching
from oi_voice.consent.classify.scripts.tokens import RUBY, Token, cut
from oi_voice.consent.classify.texts import Text

_LIBRARIES = names_in(
    """
    json csv date time set fileutils yaml securerandom digest bigdecimal prime matrix pp net/http open-uri uri
    tempfile pathname socket english forwardable ostruct erb find
    """
)


_TEXTS = {
    "Dir.home": "home",
    "ENV": "variable",
    "ENV.fetch": "variable",
    **dict.fromkeys(("File.join", "Pathname.new.join"), "join"),
    **dict.fromkeys(("File.expand_path", "URI", "URI.parse", "Pathname.new", "Pathname", "String"), "first"),
}
#: Where libraries are looked for is changed.
_LOADS = re.compile(r"\$(?:LOAD_PATH|LOADED_FEATURES|:(?=\s*(?:<<|\.|\+?=)))")
#: Ways to name a method by a text.
_BY_NAME = names_in("send public_send __send__ method public_method instance_method")


def inspect(code: str, deeds: Deeds) -> None:
    tokens = cut(code, RUBY)
    deeds.add(Effect.READS)
    if _LOADS.search(code):
        deeds.unknown("changes where programs are looked for")
    own = _own(tokens)
    _Ruby(deeds, own, _texts(tokens)).walk(tokens)


def _texts(tokens: list[Token]) -> dict[str, Text]:
    """What names are given once, and nothing else."""
    found: dict[str, Text] = {}
    given: Counter[str] = Counter()  # in how many places a name may be given something
    seen: set[str] = set()
    ends = Token("line", "\n")
    for index, token in enumerate(tokens):
        before = tokens[index - 1] if index else ends
        after = tokens[index + 1] if index + 1 < len(tokens) else ends
        if token.kind != "name":
            continue
        given[token.text] += after.text in _GIVES or before.text in ("|", ",", "for")
        if after.text == "=" and (before.kind == "line" or before.text == ";") and token.text not in seen:
            end = next((at for at in range(index, len(tokens)) if tokens[at].kind == "line"), len(tokens))
            found[token.text] = told(tokens[index + 2 : end], _TEXTS, found)
        seen.add(token.text)
    return {name: text for name, text in found.items() if given[name] == 1}


#: What may stand behind a name that is given something.
_GIVES = frozenset(("=", "+", "<", "|", ",", "-", "*", "&&", "||"))


def _own(tokens: list[Token]) -> set[str]:
    """Names that the code gives: variables, parameters, methods."""
    own: set[str] = set()
    bars = False
    for index, token in enumerate(tokens):
        after = tokens[index + 1].text if index + 1 < len(tokens) else ""
        before = tokens[index - 1].text if index else ""
        if token.text == "|":
            bars = not bars and before in ("{", "do")
        elif token.kind == "name" and (
            bars or (after in ("=", ",") and before != ".") or before in ("def", "for", "class", ":")
        ):
            own.add(token.text)
        elif token.kind == "name" and after == ":" and before in ("{", ",", "("):
            own.add(token.text)  # a key
        elif token.kind == "name" and token.text == "def":
            own.update(_parameters(tokens, index))
        for part in token.parts:
            if not isinstance(part, str):
                own |= _own(list(part))
    return own


def _parameters(tokens: list[Token], index: int) -> set[str]:
    found: set[str] = set()
    for token in tokens[index + 1 :]:
        if token.kind == "line":
            break
        if token.kind == "name":
            found.add(token.text)
    return found


@dataclass
class _Ruby:
    deeds: Deeds
    own: set[str]
    texts: dict[str, Text]

    def walk(self, tokens: list[Token]) -> None:
        for index, token in enumerate(tokens):
            self.deeds.tick()
            for part in token.parts:
                if not isinstance(part, str):
                    self.walk(list(part))
            percent = token.kind == "sign" and token.text == "%"
            if token.kind == "made" and token.text == "`":
                act(self.deeds, "shell", [Text((str(token.parts[0]),)) if len(token.parts) == 1 else None], "`")
            elif percent and index + 1 < len(tokens) and tokens[index + 1].text.startswith("x"):
                self.deeds.unknown("runs a command line in a way that is not known")
            elif token.kind == "name":
                self._word(tokens, index)

    def _word(self, tokens: list[Token], index: int) -> None:
        name = tokens[index].text
        full, end = _full(tokens, index)
        before = tokens[index - 1].text if index else ""
        question = tokens[index + 1].text if index + 1 < len(tokens) else ""
        called = before in (".", "::", "&.")
        if full in known.RUBY and not called:
            self._act(known.RUBY[full], full, tokens, end)
        elif name in ("require", "require_relative"):
            library = tokens[index + 1].text if index + 1 < len(tokens) else ""
            if name != "require" or library not in _LIBRARIES:
                self.deeds.unknown(f"uses {library}, which is not known here")
        elif not called and full.rpartition(".")[2] in _BY_NAME and self._by_name(full.rpartition(".")[0], tokens, end):
            return
        elif not called and name in _ROOTS and full not in _TEXTS and not _harmless(full):
            self.deeds.unknown(f"uses {full}, which is not known here")
        elif called and index >= 2 and _reached(tokens, index):
            return
        elif called and name in known.RUBY_METHODS:
            act(self.deeds, known.RUBY_METHODS[name], [None], name)
        elif not {name, f"{name}{question}"} & known.RUBY_WORDS and (
            called or (name not in self.own and not name.startswith(("@", "$")))
        ):
            self.deeds.unknown(f"{'calls' if called else 'uses'} {name}, which is not known here")

    def _act(self, verb: str, full: str, tokens: list[Token], end: int) -> None:
        after = tokens[end].text if end < len(tokens) else ""
        args = self._arguments(tokens, end)
        if verb == "code":
            if args and after != "{" and tokens[end + (after == "(") : end + 1 + (after == "(")][0].kind != "line":
                again(self.deeds, "ruby", args[0])
        elif verb == "secrets":
            name = tokens[end + 1].text if end + 1 < len(tokens) else ""
            if after == "[" and [token.text for token in tokens[end + 2 : end + 4]] == ["]", "="]:
                self.deeds.steers(name, Text((tokens[end + 4].text,)) if end + 4 < len(tokens) else None)
            alone = after != "[" and [token.text for token in tokens[end : end + 2]] != [".", "fetch"]
            if alone or SECRET_VARIABLE.search(name):
                act(self.deeds, verb, [], full)
        else:
            act(self.deeds, verb, [] if verb == "end" else list(args), full)

    def _by_name(self, on: str, tokens: list[Token], end: int) -> bool:
        """``File.send(:delete, …)``: whether what is named so is known."""
        rows = divided(tokens[end + 1 : matching(tokens, end)]) if end < len(tokens) and tokens[end].text == "(" else []
        name = rows[0][1] if rows and rows[0][0].text == ":" and len(rows[0]) == 2 else None
        text = name.text if name else told(rows[0], _TEXTS, self.texts).plain if rows else None
        full = f"{on}.{text}" if on else text or ""
        if full not in known.RUBY:
            return False
        if len(rows) > 1:
            act(self.deeds, known.RUBY[full], [told(row, _TEXTS, self.texts) for row in rows[1:]], full)
        else:
            handed(self.deeds, known.RUBY[full], full)
        return True

    def _arguments(self, tokens: list[Token], index: int) -> list[Text | None]:
        if index < len(tokens) and tokens[index].text == "(":
            inside = tokens[index + 1 : matching(tokens, index)]
        else:
            ends = (at for at in range(index, len(tokens)) if tokens[at].kind == "line" or tokens[at].text in _ENDS)
            inside = tokens[index : next(ends, len(tokens))]
        return [told(row, _TEXTS, self.texts) for row in divided(inside)]


_ENDS = ("do", "{", "}", ";", "if", "unless")
_ROOTS = frozenset(key.partition(".")[0].partition("::")[0] for key in known.RUBY if "." in key or "::" in key)


def _full(tokens: list[Token], index: int) -> tuple[str, int]:
    """A name with all that follows it by dots, as far as it is known, and where it ends."""
    full, end = tokens[index].text, index + 1
    while (
        full not in known.RUBY
        and end + 1 < len(tokens)
        and tokens[end].text in (".", "::", "&.")
        and tokens[end + 1].kind == "name"
    ):
        full += ("::" if tokens[end].text == "::" else ".") + tokens[end + 1].text
        end += 2
    return full, end


def _harmless(full: str) -> bool:
    root, _, last = full.partition(".")
    return (
        root in ("File", "Dir", "CSV", "JSON", "YAML", "URI", "Pathname")
        and last.partition(".")[0] in known.RUBY_HARMLESS
    )


def _reached(tokens: list[Token], index: int) -> bool:
    """Whether the name is a part of one that was looked at with its first part."""
    begin = index
    while begin >= 2 and tokens[begin - 1].text in (".", "::", "&.") and tokens[begin - 2].kind == "name":
        begin -= 2
    whole = "".join(token.text for token in tokens[begin : index + 1])
    return any(each == whole or each.startswith((f"{whole}.", f"{whole}::")) for each in known.RUBY) or _harmless(whole)
