"""PowerShell: every command must be known, and every method."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from oi_voice.consent.classify import web
from oi_voice.consent.classify.deeds import Deeds
from oi_voice.consent.classify.knowledge import names_in
from oi_voice.consent.classify.knowledge import scripts as known
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.scripts.acts import act, again, handed
from oi_voice.consent.classify.scripts.brackets import matching_text
from oi_voice.consent.classify.scripts.powershell_texts import (
    ALIAS,
    GIVEN,
    JOINED,
    QUOTES,
    WORD,
    at_home,
    decoded,
    searched,
    unescaped,
    variables,
)
from oi_voice.consent.classify.spots import home
from oi_voice.consent.classify.texts import Origin, Text, Wild, joined

_NUMBER = re.compile(r"[\d.]+(?:[kmgtp]b)?$")
_STATICS = names_in("math datetime string guid int double timespan convert environment regex io.path")
_SENDS = names_in("-body -method -infile -form -headers")
_KEYWORDS = names_in("return in throw if else elseif while until do begin process end try finally default using")
#: Places of the registry, and of PowerShell's own, that say what starts by itself.
_STARTUP = re.compile(r"(?i)\\(?:Run|RunOnce|Winlogon|Services|Image File Execution Options)\b|^\$PROFILE")


def inspect(code: str, deeds: Deeds) -> None:
    deeds.add(Effect.READS)
    code = re.sub(r"<#.*?#>", " ", code, flags=re.DOTALL)
    code = re.sub(r"\|\s*%", "| foreach-object", re.sub(r"`\r?\n", " ", code))
    code = JOINED.sub(lambda found: f'"{found[1].strip(QUOTES)}/{found[2].strip(QUOTES)}"', code)
    own = {name.lower() for name in re.findall(r"(?i)\bfunction\s+([\w-]+)", code)}
    aliases = {name.lower(): meant.lower() for name, meant in ALIAS.findall(code)}
    texts = {name: value.strip(QUOTES) for name, value in GIVEN.findall(code) if code.count(f"${name} =") == 1}
    variables(code, deeds)
    _PowerShell(deeds, own - aliases.keys(), aliases, texts).walk(code)


_Words = list[tuple[str, str]]


@dataclass
class _PowerShell:
    deeds: Deeds
    own: set[str]
    aliases: dict[str, str]
    texts: dict[str, str]
    words: _Words = field(default_factory=list)
    runs: bool = False  # code that is made as it runs

    def walk(self, code: str) -> None:
        into = ""
        for found in WORD.finditer(code):
            self.deeds.tick()
            kind, text = found.lastgroup or "blank", found[0]
            if into and kind in ("text", "word", "value"):
                (self.deeds.appends if ">>" in into else self.deeds.writes)(self._told(kind, text))
                into = ""
            elif kind == "into":
                into = text if "&" not in text else ""
            elif kind == "end":
                self._command()
            elif kind == "run":
                self.words.append(("run", text))
            elif kind in ("static", "method"):
                self._member(kind, text, code[found.end() :])
            elif kind not in ("blank", "comment", "close", "cast"):
                self.words.append((kind, text))
            if kind == "text" and text.startswith('"') and "$(" in text:
                self._inside(text)
        self._command()
        if self.runs and {Effect.NETWORK, Effect.SENDS} & self.deeds.effects.keys():
            self.deeds.add(Effect.FOREIGN, reason="runs code that comes from a host")

    def _inside(self, text: str) -> None:
        """``"$(…)"``: code in a text."""
        at = text.find("$(")
        while at >= 0:
            end = matching_text(text, at + 1)
            again(self.deeds, "powershell", Text((text[at + 2 : end],)))
            at = text.find("$(", end)

    def _told(self, kind: str, word: str) -> Text:
        if kind == "text" and word.startswith("'"):
            return at_home(Text((word[1:-1].replace("''", "'"),)))
        if kind in ("text", "value"):
            whole = Text(())
            for part in re.split(r"(\$\{?[\w:]+\}?|\$\()", word.strip('"')):
                whole = joined(whole, self._variable(part) if part.startswith("$") else Text((unescaped(part),)))
            return at_home(whole)
        return at_home(Text(tuple(Wild(part) if part in "*?" else part for part in re.split(r"([*?])", word) if part)))

    def _variable(self, name: str) -> Text:
        plain = name.strip("${}").lower()
        if plain in ("home", "env:home", "env:userprofile"):
            return Text((home(),))
        if plain == "profile":
            return Text((home(), "/.config/powershell/profile.ps1"))
        known_here = next((value for key, value in self.texts.items() if key.lower() == plain), None)
        return Text((known_here,)) if known_here is not None else Text((Origin.OPAQUE,))

    def _member(self, kind: str, text: str, rest: str) -> None:
        """A method, or a function of a class."""
        on, _, last = text.strip("[").replace("]", "").partition("::")
        on = on.lower().removeprefix("system.")
        name = f"{on}.{last.lower()}" if kind == "static" else text[1:].lower()
        given = re.match(r"\s*\(([^()]*)\)", rest)
        if name in known.POWERSHELL_ACTS:
            parts = [(found.lastgroup or "", found[0]) for found in WORD.finditer(given[1] if given else "")]
            args = [self._told(kind, each) for kind, each in parts if kind in ("text", "value", "word") and each != ","]
            act(self.deeds, known.POWERSHELL_ACTS[name], [*args] or [None], name)
        elif kind == "method" and name not in known.POWERSHELL_METHODS:
            self.deeds.unknown(f"calls {text[1:]}(), which is not known here")
        elif kind == "static" and (
            on not in _STATICS or last.lower() in ("exit", "failfast", "setenvironmentvariable")
        ):
            self.deeds.unknown(f"uses {text}, which is not known here")
        self.words.append(("value", text))

    def _command(self) -> None:
        """One command with its words: what stands before it is a variable, a key, or a word of the language."""
        words, self.words = self.words, []
        valued = False
        while words and words[0][0] != "run":
            kind, text = words[0]
            key = len(words) > 1 and words[1][1] == "="
            part = valued and text.startswith(".")
            valued = kind == "value" or part
            plain = kind != "word" or key or part or text.lower() in _KEYWORDS or _NUMBER.match(text)
            if not plain:
                break
            words = words[1:]
        if not words or words[0][1].startswith("-"):
            return
        if words[0][0] == "run":
            words = self._named(words[1:])
        if words:
            self._known(words[0][1].replace("`", "").lower(), words[1:])

    def _named(self, words: _Words) -> _Words:
        """``& name``: the command is named by a text."""
        text = self._told(*words[0]) if words and words[0][0] in ("text", "value", "word") else None
        if text is None or not text.plain:
            self.deeds.unknown("runs a program whose name is made as it runs")
            return []
        return [("word", text.plain), *words[1:]]

    def _known(self, name: str, rest: _Words) -> None:
        options = {word.lower() for _, word in rest if word.startswith("-")}
        args = self._arguments(rest)
        meant = self.aliases.get(name, name)
        if name in ("powershell", "pwsh", "powershell.exe") and any(word.startswith("-e") for word in options):
            self._decoded(args[0] if args else None)
        elif name in ("set-alias", "new-alias", "sal", "nal") and len(args) > 1:
            verb = known.POWERSHELL.get((args[1] or Text(())).head.lower(), "")
            handed(self.deeds, verb, (args[1] or Text(())).head)
        elif (
            name in ("foreach-object", "foreach") and args and args[0] and args[0].head.lower() in known.POWERSHELL_ACTS
        ):
            act(self.deeds, known.POWERSHELL_ACTS[args[0].head.lower()], [None], name)
        elif name in known.POWERSHELL_PROGRAMS:
            self._program(name, rest)
        elif meant in known.POWERSHELL:
            self._act(known.POWERSHELL[meant], meant, args, options, rest)
        elif meant not in known.POWERSHELL_WORDS and meant not in self.own:
            self.deeds.unknown(f"runs {meant}, which is not known here")

    def _act(self, verb: str, name: str, args: list[Text | None], options: set[str], rest: _Words) -> None:
        first = args[0].head if args and args[0] is not None else ""
        if verb == "code":
            self._code(args[0] if args else None)
        elif verb == "search":
            values = (self._value(rest, option) for option in ("-path", "-literalpath", "-pattern"))
            for each in searched(args, *values):
                act(self.deeds, "read", [each], name)
        elif verb == "names" and first.lower().startswith("env:"):
            act(self.deeds, "secrets", [], name)
        elif verb in ("settings", "write", "append") and _STARTUP.search(first):
            act(self.deeds, "startup", args, name)
        elif verb == "opens" and args and not web.is_address(first):
            self._starts(args, rest)
        else:
            ends = [self._value(rest, option) for option in ("-destination", "-newname") if option in options]
            verb = "send" if verb == "fetch" and options & _SENDS else verb
            verb = "send" if verb == "copy" and "-tosession" in options else verb
            verb = "append" if verb == "write" and "-append" in options else verb
            verb = "write" if verb == "make" and "-force" in options and "directory" not in str(rest).lower() else verb
            if "-uri" in options:
                args = [self._value(rest, "-uri")]
            if not (name.startswith("tee") and "-variable" in options):
                act(self.deeds, verb, [*(args[:1] or ([None] if ends else [])), *(ends or args[1:])], name)
            for option in options & {"-proxy", "-computername", "-server"}:
                web.fetches(self.deeds, self._value(rest, option))
            if "-outfile" in options:
                self.deeds.writes(self._value(rest, "-outfile"))

    def _program(self, name: str, rest: _Words) -> None:
        """A program with words of its own, such as the shells have."""
        from oi_voice.consent.classify import shell

        words = [self._told(*each) if each[0] != "value" or each[1][0] == "$" else None for each in rest]
        shell.argv(self.deeds, [Text((name,)), *words], exact=all(each is not None for each in words))

    def _starts(self, args: list[Text | None], rest: _Words) -> None:
        """A program with its words."""
        from oi_voice.consent.classify import shell

        given = self._value(rest, "-argumentlist")
        words = given.plain.split() if given is not None and given.plain is not None else []
        shell.argv(self.deeds, [*args, *(Text((word,)) for word in words)], exact=True)

    def _code(self, text: Text | None) -> None:
        if text is not None and text.plain is not None:
            again(self.deeds, "powershell", text)
        else:
            self.runs = True
            self.deeds.add(Effect.HIDDEN, reason="runs code that is made as it runs or hidden in text")

    def _decoded(self, text: Text | None) -> None:
        self.deeds.add(Effect.HIDDEN, reason="runs code that is hidden in text")
        again(self.deeds, "powershell", decoded(text) if text is not None else Text(()))

    def _value(self, rest: _Words, option: str) -> Text | None:
        at = next((index for index, (_, word) in enumerate(rest) if word.lower() == option), len(rest))
        return self._told(*rest[at + 1]) if at + 1 < len(rest) else None

    def _arguments(self, rest: _Words) -> list[Text | None]:
        found: list[Text | None] = []
        skip = False
        for kind, word in rest:
            if kind == "word" and word.startswith("-"):
                skip = word.lower() in known.POWERSHELL_VALUED
            elif skip:
                skip = False
            elif kind in ("text", "word") or word.startswith("$"):
                found.append(self._told(kind, word))
        return found
