"""What JavaScript's texts are, as far as they are written in the code."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from oi_voice.consent.classify.deeds import Deeds
from oi_voice.consent.classify.scripts.tokens import PAIRS, Token
from oi_voice.consent.classify.texts import Origin, Text, Wild, component, joined

_OPAQUE = Text((Origin.OPAQUE,))
#: What a statement cannot end with.
_GOES_ON = frozenset((*"*/?:=([+-", ".", "?.", "new", "await", "=>", "||", "&&", "??", "async"))
_HEADS = frozenset(("if", "for", "while", "switch", "with"))


def matching(tokens: list[Token], index: int) -> int:
    """Where the bracket at an index is closed; the end if nowhere."""
    level = 0
    for at in range(index, len(tokens)):
        if tokens[at].kind == "sign":
            level += (tokens[at].text in PAIRS) - (tokens[at].text in PAIRS.values())
        if level == 0:
            return at
    return len(tokens)


def divided(tokens: list[Token], sign: str = ",") -> list[list[Token]]:
    """Tokens cut at a sign, but not inside brackets."""
    rows: list[list[Token]] = [[]]
    level = 0
    for token in tokens:
        if token.kind == "sign":
            level += (token.text in PAIRS) - (token.text in PAIRS.values())
            if token.text == sign and level == 0:
                rows.append([])
                continue
        rows[-1].append(token)
    return [row for row in rows if row]


def own_names(tokens: list[Token]) -> set[str]:
    """Names that the code gives to variables and parameters."""
    found: set[str] = set()
    for index, token in enumerate(tokens):
        after = tokens[index + 1] if index + 1 < len(tokens) else token
        if token.text in ("const", "let", "var", "function", "class", "catch") and token.kind == "name":
            end = index + 1
            while end < len(tokens) and tokens[end].kind == "name" and after.text not in PAIRS:
                found.add(tokens[end].text)
                end += 1
            opening = end if end < len(tokens) and tokens[end].text in PAIRS else index + 1
            if opening < len(tokens) and tokens[opening].text in PAIRS:
                found |= _inside(tokens, opening)
        elif token.text == "=>" and index and tokens[index - 1].kind == "name":
            found.add(tokens[index - 1].text)
        elif (
            token.text == "("
            and (not index or tokens[index - 1].text not in _HEADS)
            and matching(tokens, index) + 1 < len(tokens)
            and tokens[matching(tokens, index) + 1].text in ("=>", "{")
        ):
            found |= _inside(tokens, index)
        for part in token.parts:
            if not isinstance(part, str):
                found |= own_names(list(part))
    return found


def _inside(tokens: list[Token], opening: int) -> set[str]:
    return {token.text for token in tokens[opening : matching(tokens, opening)] if token.kind == "name"}


@dataclass
class Values:
    tokens: list[Token]
    modules: dict[str, str]
    deeds: Deeds
    texts: dict[str, Text] = field(default_factory=dict)

    def gather(self) -> None:
        """Take in what names are given; one that is given something twice is not known."""
        for index, token in enumerate(self.tokens):
            if token.kind != "name":
                continue
            if token.text in ("const", "let", "var") and self._at(index + 2) == "=":
                self._give(self._at(index + 1), self.told(self._expression(index + 3)))
            elif token.text in ("const", "let", "var") and self._at(index + 2) == "of":
                values = self._rest_of_brackets(index + 3)
                self.texts[self._at(index + 1)] = self._each(values)
            elif token.text in ("forEach", "map", "filter") and self._at(index + 1) == "(":
                self._callback(index)
            elif self._at(index + 1) in ("=", "+=") and self._at(index - 1) not in ("const", "let", "var", ".", ","):
                self.texts[token.text] = _OPAQUE

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
        """The few calls that give paths."""
        names = "".join(token.text for token in row[: next((i for i, t in enumerate(row) if t.text == "("), len(row))])
        root, _, rest = names.partition(".")
        names = f"{self.modules.get(root, root)}.{rest}" if rest else self.modules.get(root, root)
        if names.rstrip(".") in ("process.env.HOME", "process.env.USERPROFILE") and "(" not in [
            token.text for token in row
        ]:
            return Text((str(Path.home()),))
        opening = next((i for i, token in enumerate(row) if token.text == "("), -1)
        if opening < 0 or matching(row, opening) != len(row) - 1:
            return _OPAQUE
        inside = row[opening + 1 : -1]
        if names == "os.homedir":
            return Text((str(Path.home()),))
        if names == "process.cwd":
            return self._here()
        if names in ("path.join", "path.resolve"):
            whole = Text(())
            for each in divided(inside):
                whole = component(whole, self.told(each))
            return whole
        if names == "path.basename":
            return Text((Origin.NAME,))
        return Text((Origin.TIME,)) if names in ("Date.now", "newDate.toISOString") else _OPAQUE

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
        self.texts[name] = Text((Wild("*"),)) if listed else known if known is not None else _OPAQUE

    def _give(self, name: str, value: Text) -> None:
        self.texts[name] = _OPAQUE if name in self.texts else value

    def _expression(self, index: int) -> list[Token]:
        """The tokens from an index to the end of the statement."""
        found: list[Token] = []
        level = 0
        for token in self.tokens[index:]:
            if token.kind == "sign":
                level += (token.text in PAIRS) - (token.text in PAIRS.values())
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
        for token in self.tokens[index:]:
            if token.kind == "sign":
                level += (token.text in PAIRS) - (token.text in PAIRS.values())
                if level < 0:
                    break
            found.append(token)
        return found

    def _at(self, index: int) -> str:
        return self.tokens[index].text if 0 <= index < len(self.tokens) and self.tokens[index].kind != "text" else ""
