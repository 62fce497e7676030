"""R: every function must be known, or be one of the code's own."""

from __future__ import annotations

from oi_voice.consent.classify.deeds import Deeds
from oi_voice.consent.classify.knowledge import listed
from oi_voice.consent.classify.knowledge import scripts as known
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.scripts.acts import act, plain
from oi_voice.consent.classify.scripts.tokens import R, Token, cut
from oi_voice.consent.classify.scripts.values import divided, matching
from oi_voice.consent.classify.texts import Text

_FILES = frozenset(("file", "con", "path", "filename", "destfile", "x"))
_LIBRARIES = frozenset(
    listed(
        """
    dplyr ggplot2 tidyr readr readxl stringr lubridate tibble purrr stats utils graphics grDevices methods base
    data.table forcats scales MASS tidyverse
    """
    )
)
_LOOSE = frozenset(
    listed(
        """
    eval parse get do.call match.fun assign source sys.function environment attach Sys.setenv system2 options
    sys.source url pipe socketConnection
    """
    )
)


def inspect(code: str, deeds: Deeds) -> None:
    tokens = cut(code, R)
    deeds.add(Effect.READS)
    own = {
        tokens[index].text
        for index in range(len(tokens) - 2)
        if tokens[index + 1].text in ("<-", "=") and tokens[index + 2].text == "function"
    }
    for index, token in enumerate(tokens):
        deeds.tick()
        if token.kind == "name":
            _name(tokens, index, own, deeds)
        elif token.kind == "sign" and token.text == "(" and index and tokens[index - 1].text in (")", "]"):
            if not _heads(tokens, index - 1):
                deeds.unknown("calls something in a way that is not known")
        elif token.kind in ("text", "made") and index + 1 < len(tokens) and tokens[index + 1].text == "(":
            deeds.unknown("calls something in a way that is not known")


def _heads(tokens: list[Token], index: int) -> bool:
    """Whether the bracket that ends here belongs to ``if``, ``for``, ``while`` or ``function``."""
    level = 0
    for at in range(index, -1, -1):
        level += (tokens[at].text in (")", "]")) - (tokens[at].text in ("(", "["))
        if level == 0:
            return at > 0 and tokens[at - 1].text in ("if", "for", "while", "function")
    return False


def _name(tokens: list[Token], index: int, own: set[str], deeds: Deeds) -> None:
    name = tokens[index].text
    after = tokens[index + 1].text if index + 1 < len(tokens) else ""
    named = after == "=" and index and tokens[index - 1].text in ("(", ",")
    if named or (index and tokens[index - 1].text == "$"):
        return
    if name in ("library", "require"):
        library = tokens[index + 2].text if index + 2 < len(tokens) else ""
        if library not in _LIBRARIES:
            deeds.unknown(f"uses {library}, which is not known here")
    elif after == "::" or (index and tokens[index - 1].text == "::" and tokens[index - 2].text not in _LIBRARIES):
        if name not in _LIBRARIES:
            deeds.unknown(f"uses {name}, which is not known here")
    elif name == "Sys.getenv" and tokens[index + 2 : index + 3] and tokens[index + 2].text == ")":
        deeds.add(Effect.SECRETS, "text", "environment", "reads all environment variables, keys among them")
    elif name in known.R:
        if after == "(":
            act(deeds, known.R[name], _arguments(tokens, index + 1, known.R[name], name), name)
        else:
            deeds.unknown(f"hands {name} on")
    elif name in _LOOSE or (after == "(" and name not in known.R_WORDS and name not in own):
        deeds.unknown(f"uses {name}, which is not known here")


def _arguments(tokens: list[Token], index: int, verb: str, name: str) -> list[Text | None]:
    """The path of a call: the one that has its name, or the one at its place."""
    rows = divided(tokens[index + 1 : matching(tokens, index)])
    named = {row[0].text: row[2:] for row in rows if len(row) > 2 and row[1].text == "="}
    unnamed = [row for row in rows if not (len(row) > 2 and row[1].text == "=")]
    for key in _FILES:
        if key in named and not (key == "x" and verb == "write"):
            return [plain(named[key])]
    second = verb == "write" and name not in ("pdf", "png", "jpeg", "svg", "ggsave", "file.create", "sink")
    return [plain(row) for row in (unnamed[1:] if second else unnamed)]
