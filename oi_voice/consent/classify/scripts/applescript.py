"""AppleScript: every word must be known, or be a name of the code's own."""

from __future__ import annotations

from itertools import pairwise

from oi_voice.consent.classify.deeds import Deeds
from oi_voice.consent.classify.knowledge import scripts as known
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.scripts.acts import act, plain
from oi_voice.consent.classify.scripts.tokens import APPLESCRIPT, Token, cut
from oi_voice.consent.classify.texts import Text


def inspect(code: str, deeds: Deeds) -> None:
    deeds.add(Effect.READS)
    lines: list[list[Token]] = [[]]
    for token in cut(code.replace("¬", ""), APPLESCRIPT):
        deeds.tick()
        if token.kind == "line":
            lines.append([])
        else:
            lines[-1].append(token)
    own = {line[1].text for line in lines if len(line) > 2 and line[0].text in ("set", "on") and line[1].kind == "name"}
    own |= {line[2].text for line in lines if len(line) > 3 and [each.text for each in line[:2]] == ["repeat", "with"]}
    for line in lines:
        _line(line, own, deeds)


def _line(line: list[Token], own: set[str], deeds: Deeds) -> None:
    words = [token.text.lower() for token in line if token.kind == "name"]
    if words[:3] == ["do", "shell", "script"] or ("script" in words and "shell" in words):
        at = next((index for index, token in enumerate(line) if token.text == "script"), 0)
        if "administrator" in words:
            deeds.add(Effect.ADMIN, reason="runs as administrator")
        end = next((index for index in range(at + 1, len(line)) if line[index].text == "with"), len(line))
        act(deeds, "shell", [plain(line[at + 1 : end])], "do shell script")
        return
    told = words[words.index("set") :] if "set" in words else []
    if told[:2] == ["set", "volume"]:
        deeds.add(Effect.SESSION)
        return
    if told[:3] == ["set", "the", "clipboard"]:
        deeds.add(Effect.CLIPBOARD)
        return
    if "to" in told and "of" in told[: told.index("to")]:
        deeds.add(Effect.CHANGES)
    own_here = {name.lower() for name in own}
    for index, word in enumerate(words):
        if word in known.APPLESCRIPT and not (index and words[index - 1] in ("end", "on")):
            _acts(known.APPLESCRIPT[word], word, line, deeds)
        elif word not in known.APPLESCRIPT_WORDS and word not in own_here:
            deeds.unknown(f"uses {word}, which is not known here")


def _acts(verb: str, word: str, line: list[Token], deeds: Deeds) -> None:
    at = next((index for index, token in enumerate(line) if token.text.lower() == word), 0)
    named = next((token.text for token in line[at:] if token.kind == "text"), "")
    program = next((b.text for a, b in pairwise(line) if a.text == "application" and b.kind == "text"), "")
    if verb == "delete":
        deeds.add(Effect.DELETES, "file", named, count=None)
    elif verb == "send":
        deeds.add(Effect.SENDS, "host", program, count=None)
    elif verb in ("opens", "end"):
        act(deeds, verb, [Text((named or program,))], word)
    else:
        act(deeds, verb, [], word)
