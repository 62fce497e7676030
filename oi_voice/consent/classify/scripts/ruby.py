"""Ruby: every word must be known, or be a name of the code's own."""

from __future__ import annotations

from oi_voice.consent.classify.deeds import Deeds
from oi_voice.consent.classify.knowledge import listed
from oi_voice.consent.classify.knowledge import scripts as known
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.scripts.acts import act, plain
from oi_voice.consent.classify.scripts.tokens import RUBY, Token, cut
from oi_voice.consent.classify.scripts.values import divided, matching
from oi_voice.consent.classify.texts import Text

_LIBRARIES = frozenset(
    listed(
        """
    json csv date time set fileutils yaml securerandom digest bigdecimal prime matrix pp net/http open-uri uri
    tempfile
    """
    )
)


def inspect(code: str, deeds: Deeds) -> None:
    tokens = cut(code, RUBY)
    deeds.add(Effect.READS)
    _words(tokens, _own(tokens), deeds)


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


def _words(tokens: list[Token], own: set[str], deeds: Deeds) -> None:
    for index, token in enumerate(tokens):
        deeds.tick()
        for part in token.parts:
            if not isinstance(part, str):
                _words(list(part), own, deeds)
        if token.kind == "made" and token.text == "`":
            act(deeds, "shell", [Text((str(token.parts[0]),)) if len(token.parts) == 1 else None], "`")
        elif (
            token.kind == "sign"
            and token.text == "%"
            and index + 1 < len(tokens)
            and tokens[index + 1].text.startswith("x")
        ):
            deeds.unknown("runs a command line in a way that is not known")
        elif token.kind == "name":
            _word(tokens, index, own, deeds)


def _word(tokens: list[Token], index: int, own: set[str], deeds: Deeds) -> None:
    name = tokens[index].text
    end = index + 1
    full = name
    while end + 1 < len(tokens) and tokens[end].text in (".", "::", "&.") and tokens[end + 1].kind == "name":
        full += ("::" if tokens[end].text == "::" else ".") + tokens[end + 1].text
        end += 2
        if full in known.RUBY:
            break
    before = tokens[index - 1].text if index else ""
    question = tokens[index + 1].text if index + 1 < len(tokens) else ""
    if full in known.RUBY and before not in (".", "::"):
        act(deeds, known.RUBY[full], _arguments(tokens, end), full)
    elif name in ("require", "require_relative"):
        library = tokens[index + 1].text if index + 1 < len(tokens) else ""
        if name != "require" or library not in _LIBRARIES:
            deeds.unknown(f"uses {library}, which is not known here")
    elif (
        any(key.startswith((f"{name}.", f"{name}::")) for key in known.RUBY)
        and before not in (".", "::")
        and not _harmless(full)
    ):
        deeds.unknown(f"uses {full}, which is not known here")
    elif before in (".", "&.", "::") and index >= 2 and _reached(tokens, index):
        return
    elif (
        name not in known.RUBY_WORDS
        and f"{name}{question}" not in known.RUBY_WORDS
        and name not in own
        and not name.startswith(("@", "$"))
    ):
        deeds.unknown(f"uses {name}, which is not known here")
    elif before in (".", "&.") and name not in known.RUBY_WORDS and f"{name}{question}" not in known.RUBY_WORDS:
        deeds.unknown(f"calls {name} of something, which is not known here")


def _harmless(full: str) -> bool:
    root, _, last = full.partition(".")
    last = last.partition(".")[0]
    return root in ("File", "Dir", "CSV", "JSON", "YAML", "URI") and last in known.RUBY_HARMLESS


def _reached(tokens: list[Token], index: int) -> bool:
    """Whether the name is the last part of one that was looked at with its first part."""
    return f"{tokens[index - 2].text}{tokens[index - 1].text}{tokens[index].text}" in known.RUBY or (
        _harmless(f"{tokens[index - 2].text}.{tokens[index].text}")
    )


def _arguments(tokens: list[Token], index: int) -> list[Text | None]:
    if index < len(tokens) and tokens[index].text == "(":
        inside = tokens[index + 1 : matching(tokens, index)]
    else:
        end = next(
            (
                at
                for at in range(index, len(tokens))
                if tokens[at].kind == "line" or tokens[at].text in ("do", "{", "}")
            ),
            len(tokens),
        )
        inside = tokens[index:end]
    return [plain(row) for row in divided(inside)]
