"""What JavaScript's texts are, as far as they are written in the code."""

from __future__ import annotations

import base64
from collections import Counter
from dataclasses import dataclass, field
from functools import reduce
from itertools import islice

from oi_voice.consent.classify.deeds import Deeds
from oi_voice.consent.classify.scripts.brackets import divided, flat, matching
from oi_voice.consent.classify.scripts.tokens import STEPS, Token
from oi_voice.consent.classify.spots import home
from oi_voice.consent.classify.texts import Origin, Text, Wild, component, either, joined

_OPAQUE = Text((Origin.OPAQUE,))
#: What a statement cannot end with.
_GOES_ON = frozenset((*"*/?:=([+-", ".", "?.", "new", "await", "=>", "||", "&&", "??", "async"))
_MOMENTS = frozenset(("new", "Date", "toISOString", "toJSON", "getTime", "getFullYear", "slice", "substring"))


@dataclass
class Values:
    tokens: list[Token]
    modules: dict[str, str]
    deeds: Deeds
    texts: dict[str, Text] = field(default_factory=dict)
    bound: Counter[str] = field(default_factory=Counter)  # how often a name's meaning was seen
    words: list[str] = field(init=False)  # of the tokens, empty for texts

    def __post_init__(self) -> None:
        self.words = [token.text if token.kind != "text" else "" for token in self.tokens]

    def gather(self, names: Counter[str]) -> None:
        """Take in what names are given; one that is given something that is not seen, or other things, is not known."""
        for index, token in enumerate(self.tokens):
            if token.kind != "name":
                continue
            if token.text in ("const", "let", "var") and self._at(index + 2) == "=":
                self._give(self._at(index + 1), self.told(self._expression(index + 3)))
            elif token.text in ("const", "let", "var") and self._at(index + 2) == "of":
                values = self._rest_of_brackets(index + 3)
                self._give(self._at(index + 1), self._each(values))
            elif token.text in ("forEach", "map", "filter") and self._at(index + 1) == "(":
                self._callback(index)
            elif self._at(index + 1) in ("=", "+=") and self._at(index - 1) not in ("const", "let", "var", ".", ","):
                self.texts[token.text] = _OPAQUE
        self._parameters()
        for name in self.texts:
            if names[name] > self.bound[name] and not name.startswith("each "):
                self.texts[name] = _OPAQUE

    def _parameters(self) -> None:
        """What functions of the code's own are given, where each of their calls is seen."""
        used = Counter(token.text for token in flat(self.tokens) if token.kind == "name")
        called: dict[str, list[int]] = {}
        for index, word in enumerate(self.words[1:]):
            if word == "(":
                called.setdefault(self.tokens[index].text, []).append(index)
        for index, token in enumerate(self.tokens):
            if token.kind != "name":
                continue
            given = self._at(index + 1) == "="
            at = index + 2 + (self._at(index + 2) == "async") if given else index + 1
            if self._at(at) != "(" or not (given or self._at(index - 1) == "function"):
                continue
            end = matching(self.tokens, at)
            if given and self._at(end + 1) != "=>":
                continue
            calls = [each for each in called.get(token.text, ()) if each != index]
            if not calls or used[token.text] != len(calls) + 1:
                continue
            rows = [self.arguments(each + 1) for each in calls]
            for place, row in enumerate(divided(self.tokens[at + 1 : end])):
                if len(row) == 1 and all(len(given) > place for given in rows):
                    value = reduce(either, [given[place] or _OPAQUE for given in rows])
                    if value != _OPAQUE:
                        self._give(row[0].text, value)

    def arguments(self, index: int) -> list[Text | None]:
        """The arguments of the call whose bracket is at an index."""
        return [self.told(row) for row in divided(self.tokens[index + 1 : matching(self.tokens, index)])]

    def listed(self, index: int) -> list[Text | None] | None:
        """The words of a list that is the second argument; None where it is not written there."""
        rows = divided(self.tokens[index + 1 : matching(self.tokens, index)])
        if len(rows) < 2:
            return []
        if rows[1][0].text != "[" or any(token.text == "..." for token in rows[1]):
            return None
        return [self.told(row) for row in divided(rows[1][1:-1])]

    def told(self, tokens: list[Token]) -> Text:
        """What an expression is as text."""
        whole = Text(())
        for row in divided(tokens, "+"):
            whole = joined(whole, self._term(row))
        return whole if tokens else _OPAQUE

    def _term(self, row: list[Token]) -> Text:
        first = row[0]
        if len(row) == 1 and first.kind in ("text", "number"):
            return Text((first.text,))
        if len(row) == 1 and first.kind == "made":
            whole = Text(())
            for part in first.parts:
                whole = joined(whole, Text((part,)) if isinstance(part, str) else self.told(list(part)))
            return whole
        if len(row) == 1 and first.kind == "name":
            if first.text == "__dirname":
                return self._here()
            return self.texts.get(first.text, _OPAQUE)
        if first.text == "(" and matching(row, 0) == len(row) - 1:
            return self.told(row[1:-1])
        return self._called(row)

    def _called(self, row: list[Token]) -> Text:
        """The few calls that give paths, moments, or texts that are hidden in others."""
        if [token.text for token in row[:2]] == ["new", "Date"] and _MOMENTS.issuperset(
            token.text for token in row if token.kind == "name"
        ):
            return Text((Origin.TIME,))
        if [token.text for token in row[-4:-2]] == [".", "toString"] and row[-1].text == ")":
            return self.told(row[:-4])
        names = "".join(token.text for token in row[: next((i for i, t in enumerate(row) if t.text == "("), len(row))])
        root, _, rest = names.partition(".")
        names = f"{self.modules.get(root, root)}.{rest}" if rest else self.modules.get(root, root)
        if names.rstrip(".") in ("process.env.HOME", "process.env.USERPROFILE") and "(" not in [
            token.text for token in row
        ]:
            return Text((home(),))
        opening = next((i for i, token in enumerate(row) if token.text == "("), -1)
        if opening < 0 or matching(row, opening) != len(row) - 1:
            return _OPAQUE
        inside = row[opening + 1 : -1]
        if names == "os.homedir":
            return Text((home(),))
        if names == "process.cwd":
            return self._here()
        if names in ("path.join", "path.resolve"):
            whole = Text(())
            for each in divided(inside):
                whole = component(whole, self.told(each))
            return whole
        if names in ("atob", "Buffer.from", "String.fromCharCode"):
            return self._decoded(names, [self.told(each).plain for each in divided(inside)])
        if names == "path.basename":
            return Text((Origin.NAME,))
        return Text((Origin.TIME,)) if names == "Date.now" else _OPAQUE

    def _decoded(self, name: str, given: list[str | None]) -> Text:
        words = [each for each in given if each is not None]
        try:
            if len(words) != len(given) or not words:
                return _OPAQUE
            if name == "String.fromCharCode":
                found = "".join(chr(int(each, 0)) for each in words)
            elif name == "atob" or words[1:] == ["base64"]:
                found = base64.b64decode(words[0]).decode("utf-8", "replace")
            else:
                found = bytes.fromhex(words[0]).decode("utf-8", "replace") if words[1:] == ["hex"] else words[0]
        except (ValueError, OverflowError):
            return _OPAQUE
        self.deeds.decoded.add(found)
        return Text((found,))

    def _here(self) -> Text:
        here = self.deeds.places.here
        return Text((str(here),)) if here is not None else _OPAQUE

    def _each(self, tokens: list[Token]) -> Text:
        """One of what an expression lists."""
        if len(tokens) == 1 and tokens[0].kind == "name":
            return self.texts.get(f"each {tokens[0].text}", _OPAQUE)
        names = [token.text for token in tokens if token.kind == "name"]
        return Text((Wild("*"),)) if {"readdirSync", "readdir"} & set(names[:4]) else _OPAQUE

    def _callback(self, index: int) -> None:
        """``files.forEach(name => …)``"""
        name = self._at(index + 3) if self._at(index + 2) == "(" else self._at(index + 2)
        if self._at(index - 1) != "." or not name.isidentifier():
            return
        begin = index - 2
        while begin > 0 and self.tokens[begin].text not in (";", "{", "}", "=") and index - begin < 40:
            begin -= 1
        names = [token.text for token in self.tokens[begin:index] if token.kind == "name"]
        listed = any(name_ in ("readdirSync", "readdir") for name_ in names)
        known = self.texts.get(f"each {names[0]}") if names else None
        self._give(name, Text((Wild("*"),)) if listed else known if known is not None else _OPAQUE)

    def _give(self, name: str, value: Text) -> None:
        self.bound[name] += 1
        self.texts[name] = value if self.texts.get(name, value) == value else _OPAQUE

    def _expression(self, index: int) -> list[Token]:
        """The tokens from an index to the end of the statement."""
        found: list[Token] = []
        level = 0
        for token in islice(self.tokens, index, None):
            if token.kind == "sign":
                level += STEPS.get(token.text, 0)
                if level < 0 or (level == 0 and token.text in (";", ",")):
                    break
            begins = token.kind != "sign" and token.text not in ("of", "in", "instanceof", "await")
            if level == 0 and begins and found and found[-1].text not in _GOES_ON:
                break  # the next statement, where no semicolon ends this one
            found.append(token)
        lists = {"readdirSync", "readdir"} & {token.text for token in found[:8]}
        if lists and index >= 2:
            self.texts[f"each {self.tokens[index - 2].text}"] = Text((Wild("*"),))
        return found[1:] if found and found[0].text == "await" else found

    def _rest_of_brackets(self, index: int) -> list[Token]:
        level, found = 0, list[Token]()
        for token in islice(self.tokens, index, None):
            if token.kind == "sign":
                level += STEPS.get(token.text, 0)
                if level < 0:
                    break
            found.append(token)
        return found

    def _at(self, index: int) -> str:
        return self.words[index] if 0 <= index < len(self.words) else ""
