"""Words of the shell: quotes, variables, substitutions and patterns, as far as they can be told."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from oi_voice.consent.classify.knowledge import names_in
from oi_voice.consent.classify.shell import expansions
from oi_voice.consent.classify.spots import home
from oi_voice.consent.classify.texts import Origin, Text, Wild, joined

if TYPE_CHECKING:
    from tree_sitter import Node

    from oi_voice.consent.classify.shell.walker import Shell

#: Stands for a hole in a line that was put together elsewhere.
MARK = re.compile(r"__HOLE(\d+)__")
_WILD = re.compile(r"(\\.|\[[^\]]*\]|[*?])", re.DOTALL)
_ODD = re.compile(r"[~\\*?\[]")
_QUOTED = re.compile(r"\\([\"\\$`\n])")
_ANSI = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "v": "\v", "\\": "\\", "'": "'"}
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|([0-7]{1,3})|(.))", re.DOTALL)


def expand(shell: Shell, node: Node) -> list[Text]:
    """What a word becomes: usually one, more by braces, by arrays and by variables that stand outside quotes."""
    kind = node.type
    if kind == "word":  # most of what there is
        return [_word(shell, node)]
    listed = expansions.array(shell, node) if kind in ("string", "expansion") else None
    if listed is not None:
        return list(listed)
    if kind in ("simple_expansion", "expansion", "command_substitution"):
        return _divided(value(shell, node))
    if kind != "concatenation":
        return [value(shell, node)]
    rows, children, index = [Text(())], list(node.children), 0
    while index < len(children):
        shell.deeds.tick()
        choices = _braces(shell, children[index : index + 3])
        if choices is not None:
            options = [_plain_word(each, False) for each in choices]
            index += 3
        else:
            tilde = index == 0
            child = children[index]
            options = [_plain_word(shell.source(child), tilde) if child.type == "word" else value(shell, child)]
            index += 1
        rows = [joined(row, _marked(shell, option)) for row in rows for option in options][:64]
    return rows


def _braces(shell: Shell, nodes: list[Node]) -> list[str] | None:
    if len(nodes) < 3 or nodes[1].type != "word":
        return None
    first, inside, last = map(shell.source, nodes)
    return inside.split(",") if first == "{" and last == "}" and "," in inside else None


def _divided(text: Text) -> list[Text]:
    """A variable outside quotes is cut at its blanks."""
    if text.plain is None:
        return [text]
    return [_plain_word(word, False) for word in text.plain.split()]


_WORDS = names_in("word extglob_pattern variable_name number regex test_operator file_descriptor")


def value(shell: Shell, node: Node) -> Text:
    """One word, or a part of one, as text."""
    kind = node.type
    handler = _VALUES.get(kind)
    if handler is not None:
        return _marked(shell, handler(shell, node))
    if kind in _WORDS:
        return _word(shell, node)
    if kind == "command_name":
        return value(shell, node.children[0]) if node.children else Text(())
    shell.walk_inside(node)
    return Text((Origin.OPAQUE,))


def _word(shell: Shell, node: Node) -> Text:
    word = shell.source(node)
    _unparsed(shell, word)
    return _marked(shell, _plain_word(word, True))


def _unparsed(shell: Shell, text: str) -> None:
    """A command may stand where the grammar sees none."""
    if ("`" in text or "$(" in text) and re.search(r"(?<!\\)`|(?<!\\)\$\(", text):
        shell.deeds.unknown("runs a command in a way that is not known")


def _marked(shell: Shell, text: Text) -> Text:
    """With the holes that the line came with put back."""
    if not shell.holes:
        return text
    whole = Text(())
    for piece in text.pieces:
        if type(piece) is not str:
            whole = joined(whole, Text((piece,)))
            continue
        at = 0
        for found in MARK.finditer(piece):
            whole = joined(joined(whole, Text((piece[at : found.start()],))), Text((shell.holes[int(found[1])],)))
            at = found.end()
        whole = joined(whole, Text((piece[at:],)))
    return Text(tuple(piece for piece in whole.pieces if piece != "" or type(piece) is not str))


def _plain_word(word: str, tilde: bool) -> Text:
    """A word without quotes: escapes, patterns, the home folder."""
    if not _ODD.search(word):
        return Text((word,)) if word else Text(())
    first: tuple[str | Origin, ...] = ()
    if tilde and (word == "~" or word.startswith("~/")):
        first, word = (home(),), word[1:]
    elif tilde and re.match(r"~[\w+.-]", word):  # someone else's
        someone, slash, word = word.partition("/")
        first, word = (f"/home/{someone[1:]}" if someone[1:].isalnum() else Origin.OPAQUE,), slash + word
    pieces: list[str | Wild | Origin] = list(first)
    for index, part in enumerate(_WILD.split(word)):
        if not part:
            continue
        if index % 2 == 0:
            pieces.append(part)
        elif part.startswith("\\"):
            pieces.append(part[1:] if part[1] != "\n" else "")
        else:
            pieces.append(Wild(part))
    whole = Text(())
    for piece in pieces:
        whole = joined(whole, Text((piece,)))
    return whole


def _string(shell: Shell, node: Node) -> Text:
    """``"…"``, with what is expanded in it; gaps between the parts are blanks that belong to it."""
    return _filled(shell, node, node.start_byte + 1, node.end_byte - 1)


def _filled(shell: Shell, node: Node, begin: int, end: int) -> Text:
    whole, at = Text(()), begin
    for child in node.children:
        shell.deeds.tick()
        if child.type in ('"', "string_content", "heredoc_content"):
            continue
        whole = joined(whole, _literal(shell, at, child.start_byte))
        whole = joined(whole, value(shell, child))
        at = child.end_byte
    return joined(whole, _literal(shell, at, end))


def _literal(shell: Shell, begin: int, end: int) -> Text:
    text = shell.code[begin:end].decode("utf-8", "replace")
    _unparsed(shell, _QUOTED.sub("", text))
    return Text((_QUOTED.sub(lambda found: "" if found[1] == "\n" else found[1], text),)) if text else Text(())


def _translated(shell: Shell, node: Node) -> Text:
    return value(shell, node.children[-1]) if node.children else Text((Origin.OPAQUE,))


def _raw(shell: Shell, node: Node) -> Text:
    return Text((shell.source(node)[1:-1],))


def _ansi(shell: Shell, node: Node) -> Text:
    def char(found: re.Match[str]) -> str:
        for group, base in ((1, 16), (2, 16), (3, 16), (4, 8)):
            if found[group]:
                return chr(min(int(found[group], base), 0x10FFFF))
        return _ANSI.get(found[5], found[0])

    return Text((_ESCAPE.sub(char, shell.source(node)[2:-1]),))


def _substitution(shell: Shell, node: Node) -> Text:
    """``$(…)``: what the last command in it prints."""
    printed: Text | None = None
    with shell.aside():
        for child in node.children:
            if child.is_named:
                printed = shell.run(child)
    if printed is not None and printed.plain is not None:
        return Text((printed.plain.rstrip("\n"),))
    return printed if printed is not None else Text((Origin.OPAQUE,))


def _process(shell: Shell, node: Node) -> Text:
    with shell.aside():
        shell.walk_inside(node)
    return Text(("/dev/fd/1",))


def _number(shell: Shell, node: Node) -> Text:
    from oi_voice.consent.classify.shell.sums import counts

    counts(shell, node)
    return Text((Origin.NUMBER,))


def _brace(shell: Shell, node: Node) -> Text:
    return Text((Origin.NUMBER if re.search(r"\d", shell.source(node)) else Origin.NAME,))


_VALUES: dict[str, Callable[[Shell, Node], Text]] = {
    "string": _string,
    "translated_string": _translated,
    "raw_string": _raw,
    "ansi_c_string": _ansi,
    "ansii_c_string": _ansi,
    "simple_expansion": expansions.simple,
    "expansion": expansions.expansion,
    "command_substitution": _substitution,
    "process_substitution": _process,
    "arithmetic_expansion": _number,
    "brace_expression": _brace,
    "concatenation": lambda shell, node: expand(shell, node)[0],
}


def heredoc(shell: Shell, node: Node) -> Text | None:
    """What a here-document puts in."""
    body = next((child for child in node.children if child.type == "heredoc_body"), None)
    start = next((child for child in node.children if child.type == "heredoc_start"), None)
    if body is None:
        return None
    if start is not None and shell.source(start)[:1] in ("'", '"', "\\"):
        return Text((shell.source(body),))
    return _filled(shell, body, body.start_byte, body.end_byte)
