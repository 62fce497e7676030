"""R: every function must be known, or be one of the code's own."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from oi_voice.consent.classify.deeds import Deeds
from oi_voice.consent.classify.knowledge import names_in
from oi_voice.consent.classify.knowledge import scripts as known
from oi_voice.consent.classify.knowledge.variables import SECRET_VARIABLE
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.scripts.acts import act, again, handed, told
from oi_voice.consent.classify.scripts.brackets import divided, matching
from oi_voice.consent.classify.scripts.tokens import R, Token, cut
from oi_voice.consent.classify.texts import BLAND, Text

_FILES = ("file", "con", "path", "filename", "destfile", "x")
_LIBRARIES = names_in(
    """
    dplyr ggplot2 tidyr readr readxl stringr lubridate tibble purrr stats utils graphics grDevices methods base
    data.table forcats scales MASS tidyverse jsonlite httr knitr broom zoo
    """
)
_LOOSE = names_in(
    """
    eval parse get do.call match.fun assign source sys.function environment attach Sys.setenv options sys.source
    """
)
#: Functions whose first argument is what is written, and the next one where.
_SECOND = names_in(
    "write.csv write.table write_csv saveRDS writeLines fwrite dput dump write write.csv2 write_tsv write_xlsx"
)
_TEXTS = {
    "file.path": "join",
    "Sys.getenv": "variable",
    **dict.fromkeys(("paste0",), "concat"),
    **dict.fromkeys(("path.expand", "normalizePath", "c", "shQuote"), "first"),
}


def inspect(code: str, deeds: Deeds) -> None:
    tokens = [token for token in cut(code, R) if token.text != "`" or token.kind != "sign"]  # `name` is a name
    deeds.add(Effect.READS)
    own = {
        tokens[index].text
        for index in range(len(tokens) - 2)
        if tokens[index + 1].text in ("<-", "=") and tokens[index + 2].text == "function"
    }
    _R(tokens, own, deeds, _texts(tokens)).walk()


def _texts(tokens: list[Token]) -> dict[str, Text]:
    """What names are given once, and nowhere else."""
    found: dict[str, Text] = {}
    given: Counter[str] = Counter()  # in how many places a name may be given something
    seen: set[str] = set()
    for index, (token, after) in enumerate(pairwise(tokens)):
        given[token.text] += after.text in ("<-", "=", "in", "->")
        if after.text == "<-" and token.text not in seen:
            end = next((at for at in range(index, len(tokens)) if tokens[at].kind == "line"), len(tokens))
            found[token.text] = told(tokens[index + 2 : end], _TEXTS, found)
        if token.text == "function":
            given.update(each.text for each in tokens[index : matching(tokens, index + 1)])
        seen.add(token.text)
    return {name: text for name, text in found.items() if given[name] == 1}


@dataclass
class _R:
    tokens: list[Token]
    own: set[str]
    deeds: Deeds
    texts: dict[str, Text]

    def walk(self) -> None:
        for index, token in enumerate(self.tokens):
            self.deeds.tick()
            if token.kind == "name":
                self._name(index)
            elif token.kind == "sign" and token.text == "(" and index and self.tokens[index - 1].text in (")", "]"):
                if not self._heads(index - 1):
                    self.deeds.unknown("calls something in a way that is not known")
            elif token.kind in ("text", "made") and self._at(index + 1) == "(":
                self.deeds.unknown("calls something in a way that is not known")

    def _at(self, index: int) -> str:
        return self.tokens[index].text if 0 <= index < len(self.tokens) else ""

    def _heads(self, index: int) -> bool:
        """Whether the bracket that ends here belongs to ``if``, ``for``, ``while`` or ``function``."""
        level = 0
        for at in range(index, -1, -1):
            level += (self._at(at) in (")", "]")) - (self._at(at) in ("(", "["))
            if level == 0:
                return at > 0 and self._at(at - 1) in ("if", "for", "while", "function")
        return False

    def _name(self, index: int) -> None:
        name, before, after = self.tokens[index].text, self._at(index - 1), self._at(index + 1)
        if (after == "=" and before in ("(", ",")) or before == "$":
            return
        if name in ("library", "require"):
            if self._at(index + 2) not in _LIBRARIES:
                self.deeds.unknown(f"uses {self._at(index + 2)}, which is not known here")
        elif after == "::" or (before == "::" and self._at(index - 2) not in _LIBRARIES):
            if name not in _LIBRARIES:
                self.deeds.unknown(f"uses {name}, which is not known here")
        elif name == "Sys.getenv" and (self._at(index + 2) == ")" or SECRET_VARIABLE.search(self._at(index + 2))):
            act(self.deeds, "secrets", [], name)
        elif name in known.R:
            if after == "(":
                self._act(name, index + 1)
            else:
                handed(self.deeds, known.R[name], name)
        elif name == "parse" and after == "(":
            self._parse(index + 1)
        elif name in _LOOSE:
            self._loose(name, index + 1)
        elif after == "(" and name not in known.R_WORDS and name not in self.own:
            self.deeds.unknown(f"uses {name}, which is not known here")

    def _rows(self, index: int) -> tuple[dict[str, list[Token]], list[list[Token]]]:
        """A call's arguments: those with names, and the others."""
        rows = divided(self.tokens[index + 1 : matching(self.tokens, index)])
        named = {row[0].text: row[2:] for row in rows if len(row) > 2 and row[1].text == "="}
        return named, [row for row in rows if not (len(row) > 2 and row[1].text == "=")]

    def _act(self, name: str, index: int) -> None:
        named, unnamed = self._rows(index)
        verb = known.R[name]
        if name == "cat" and "file" not in named:
            return
        if verb == "write" and any(token.text in ("TRUE", "T") for token in named.get("append", [])):
            verb = "append"
        key = next((key for key in _FILES if key in named and not (key == "x" and name in _SECOND)), "")
        rows = unnamed[1:] if name in _SECOND else unnamed
        if verb == "download":
            rows = [*([named["url"]] if "url" in named else []), *unnamed, *([named[key]] if key else [])]
        elif verb == "shell":
            rows = [row for each in unnamed for row in self._listed(each)]
        elif key:
            rows = [named[key]]
        args: list[Text | None] = [told(row, _TEXTS, self.texts) for row in rows]
        plain = args[0].plain if args and args[0] is not None else None
        if name == "fromJSON" and (plain or "{").lstrip()[:1] in ("{", "["):
            return  # a text, and no file's name
        if verb == "fetch" and any(told(row, _TEXTS, self.texts).origin not in BLAND for row in named.values()):
            verb = "send"
        act(self.deeds, verb, args, name)

    def _listed(self, row: list[Token]) -> list[list[Token]]:
        """The words of ``c("a", "b")``."""
        vector = len(row) > 2 and row[0].text == "c" and row[1].text == "("
        return divided(row[2:-1]) if vector else [row]

    def _parse(self, index: int) -> None:
        """``parse(text = …)``: code that is run somewhere."""
        text = self._rows(index)[0].get("text")
        again(self.deeds, "r", told(text, _TEXTS, self.texts) if text is not None else None)

    def _loose(self, name: str, index: int) -> None:
        """What calls functions by their names, or runs code."""
        inside = self.tokens[index + 1 : matching(self.tokens, index)] if self._at(index) == "(" else []
        if name == "eval" and [token.text for token in inside[:2]] == ["parse", "("]:
            return
        for token in inside:
            if token.kind == "text" and token.text in known.R:
                handed(self.deeds, known.R[token.text], token.text)
        self.deeds.unknown(f"uses {name}, which is not known here")
