"""A command and its words: which of those that are understood it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module

from oi_voice.consent.classify.deeds import Deeds
from oi_voice.consent.classify.knowledge import commands as known
from oi_voice.consent.classify.knowledge import names_in
from oi_voice.consent.classify.knowledge.options import LOOKS
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.shell.options import entry, operands, strange
from oi_voice.consent.classify.shell.walker import LAYERS, Shell
from oi_voice.consent.classify.texts import Origin, Text, Wild, component


@dataclass(eq=False)
class Line:
    """A command with its words, None for one that cannot be told; ``given`` is what comes in."""

    shell: Shell
    name: str
    args: list[Text | None]
    given: Text | None
    deeds: Deeds = field(init=False)
    plain: list[str] = field(init=False)  # the words that are known, the others as empty ones

    def __post_init__(self) -> None:
        self.deeds = self.shell.deeds
        self.plain = [(each.plain or "") if each is not None else "" for each in self.args]

    def has(self, *options: str) -> bool:
        """Whether one of these options is there: short ones also in a row, long ones with a value."""
        letters = {option[1] for option in options if len(option) == 2} - {"-"}
        for word in self.plain:
            if word in options or (word.startswith("--") and word.partition("=")[0] in options):
                return True
            if word.startswith("-") and not word.startswith("--") and not letters.isdisjoint(word[1:]):
                return True
        return False

    def rest(self, valued: str = "") -> list[Text | None]:
        """The words that are no options, nor values of the ``valued`` ones."""
        names, found, skip, ended = valued.split(), list[Text | None](), False, False
        for text in self.args:
            word = text.head if text is not None else ""
            if skip:
                skip = False
            elif ended or not (word.startswith("-") and len(word) > 1):
                found.append(text)
            elif word == "--":
                ended = True
            else:
                skip = word in names
        return found

    def value(self, *options: str) -> Text | None:
        """What follows one of these options, or stands behind its sign."""
        for index, text in enumerate(self.args):
            word = text.head if text is not None else ""
            for option in options:
                if word == option:
                    return self.args[index + 1] if index + 1 < len(self.args) else None
                if text is not None and option.startswith("--") and word.startswith(f"{option}="):
                    return Text((word[len(option) + 1 :], *text.pieces[1:]))
                if text is not None and len(option) == 2 and word.startswith(option) and len(word) > 2:
                    return Text((word[2:], *text.pieces[1:]))
        return None


Printed = Text | None
Handler = Callable[[Line], Printed]
_HANDLERS: dict[str, Handler] = {}
_MODULES = (
    *("archives", "computing", "converting", "fetching", "files", "filters", "finding", "git", "hosts", "interpreters"),
    *("opening", "packages", "programs", "services", "sums", "system"),
)


def handlers() -> dict[str, Handler]:
    """What is known of commands that do more than print, by name."""
    if not _HANDLERS:
        for name in _MODULES:
            _HANDLERS.update(import_module(f"oi_voice.consent.classify.shell.{name}").HANDLERS)
    return _HANDLERS


_VERSION = ("--version", "-V", "--help", "-version")
_ASKS_VERSION = {name: (*_VERSION, "-v") for name in ("node", "npm", "npx", "ruby", "php", "perl", "yarn", "deno")}


def command(shell: Shell, found: list[Text | None], given: Text | None) -> Printed:
    """Note what a command does; the result is what it prints, as far as that is known."""
    shell.deeds.tick()
    first = found[0].plain if found[0] is not None else None
    if first is None:
        shell.deeds.unknown("runs a program whose name is made as it runs")
        for each in found[0].options() if found[0] is not None and shell.layer < LAYERS else ():
            if each.plain:
                command(shell, [*(Text((word,)) for word in each.plain.split()), *found[1:]], given)
        return Text((Origin.OPAQUE,))
    if first in shell.active:
        shell.deeds.unknown("calls itself again and again")
        return Text((Origin.OPAQUE,))
    if first in shell.functions:
        return _function(shell, first, found[1:])
    if first in shell.aliases:
        return _alias(shell, first, found[1:], given)
    name = _name(shell, first)
    line = Line(shell, name, found[1:], given)
    if len(found) == 2 and line.plain[0] in _ASKS_VERSION.get(name, _VERSION) and _usual(name):
        shell.deeds.add(Effect.READS)
        return Text((Origin.FILE,))
    if name in LOOKS:
        shell.deeds.add(Effect.READS, "text", LOOKS[name])
    spec = entry(name)
    if spec is not None and strange(line.args, spec):
        shell.deeds.unknown(f"runs {name} with words that are not known here")
    handler = handlers().get(name)
    if handler is not None:
        return handler(line)
    if name in known.READERS or name in known.LOOKERS:
        return prints(line)
    shell.deeds.unknown(f"runs {name or 'a program'}, which is not known here")
    return Text((Origin.OPAQUE,))


def _usual(name: str) -> bool:
    return "/" not in name


def _name(shell: Shell, first: str) -> str:
    """A program's name; of one given by its path only where that is a system's folder."""
    if first.startswith("\\"):
        first = first[1:]
    folder, _, name = first.rpartition("/")
    return (
        name if folder in ("/bin", "/usr/bin", "/sbin", "/usr/sbin", "/usr/local/bin", "/opt/homebrew/bin") else first
    )


def _function(shell: Shell, name: str, args: list[Text | None]) -> Printed:
    kept = {key: shell.variables.get(key) for key in ("@", "*", *map(str, range(1, 10)))}
    for index, value in enumerate(args[:9], 1):
        shell.variables[str(index)] = value if value is not None else Text((Origin.OPAQUE,))
    everything = args[0] if len(args) == 1 and args[0] is not None else Text((Origin.OPAQUE,))
    shell.variables["@"] = shell.variables["*"] = everything
    shell.active.append(name)
    shell.called.add(name)
    printed = shell.run(shell.functions[name])
    shell.active.pop()
    for key, before in kept.items():
        shell.variables.pop(key, None)
        if before is not None:
            shell.variables[key] = before
    return printed


def _alias(shell: Shell, name: str, args: list[Text | None], given: Text | None) -> Printed:
    meant = shell.aliases.pop(name)
    words: list[Text | None] = [Text((word,)) for word in (meant.plain or "").split()]
    simple = words and not set("|&;<>$`'\"(){}") & set(meant.plain or "")
    if not simple:
        shell.deeds.unknown(f"runs {name}, which is another name for something")
    printed = command(shell, [*words, *args], given) if simple else None
    shell.aliases[name] = meant
    return printed


def prints(line: Line) -> Printed:
    """A command that reads and prints, unless an option makes it do more."""
    acting = known.ACTING.get(line.name, ())
    long = line.name == "exiftool"  # its options are words behind a single dash
    if (any(word.partition("=")[0] in acting for word in line.plain) if long else line.has(*acting)) and acting:
        line.deeds.unknown(f"runs {line.name} with an option that does more than read")
    if _shows_secrets(line):
        line.deeds.add(Effect.SECRETS, "text", "environment", "reads all environment variables, keys among them")
    if line.name in ("less", "more", "man") and any(word.startswith("+") for word in line.plain):
        line.deeds.unknown(f"runs {line.name} with words that it may take for commands")
    if line.name in known.READERS:
        return _reads(line)
    if line.name == "getent" and any(each is None or each.plain is None for each in line.args):
        line.deeds.unknown("may ask a host for a name that is made as it runs")
    if line.name == "getent" and re.fullmatch(r"a?hosts(?:v[46])?|networks", line.plain[0] if line.plain else ""):
        for name in filter(None, line.plain[1:]):
            line.deeds.add(Effect.NETWORK, "host", name)
    if line.name in _FOLDERS:
        for each in line.rest("-d -t -B -L -P -I -X -S --max-depth --threshold --exclude") or [Text((".",))]:
            line.deeds.reads(each, names_only=True)
    line.deeds.add(Effect.READS)
    return None


_FOLDERS = names_in("du tree vdir exa eza lsd")


def _shows_secrets(line: Line) -> bool:
    """Whether all variables of the environment are shown: ``jq -n env``, ``ps eww``."""
    if line.name in ("jq", "yq"):
        return any(_ENV.search(each.head if each is not None else "env") for each in line.args)
    words = [word for word in line.plain if word and not word.startswith("-")]
    return line.name == "ps" and (any(word.isalpha() and "e" in word for word in words[:1]) or line.has("-E"))


_ENV = re.compile(r"(?<![\w.\"])\$?(?:env|ENV|strenv|envsubst)\b(?!\s*:)")

#: Filters whose output is made of lines that came in.
_PASS = names_in("cat grep egrep fgrep rg head tail sort uniq tac shuf nl tr")
#: Tell how much or of what sort it is, and nothing of what is in it.
_FIGURES = names_in("wc file stat md5sum sha1sum sha256sum sha512sum cksum b2sum sum size")
_PATTERN_FIRST = names_in("grep egrep fgrep rg zgrep jq yq")


def _reads(line: Line) -> Printed:
    files = operands(line.args, entry(line.name) or "")
    if line.name in _PATTERN_FIRST and not line.has("-e", "-f", "--regexp"):
        files = files[1:]
    if line.name in ("tr", "numfmt"):
        files = []
    if line.name in ("sort", "shuf") and line.has("-o", "--output"):
        output = line.value("--output", "-o")
        line.deeds.writes(output)
        files = [each for each in files if each is not output] + [output]
    if line.name in ("uniq", "xxd", "pdfimages") and len(files) > 1:
        line.deeds.writes(files[1])
        files = files[:1]
    if line.has("-r", "-R", "--recursive") and line.name in ("grep", "egrep", "fgrep"):
        files = [component(each, Text((Wild("**"),))) if each is not None else None for each in files]
    if line.name == "rg":
        for each in files:
            if each is not None and (line.has("--hidden", "-u") or re.search(r"/\.\w[^/]*/?$", each.head)):
                line.deeds.takes(each)
    if "grep" in line.name and line.has("-f", "--file"):  # each of its lines shows by what it finds
        line.deeds.reads(line.value("-f", "--file"))
    for each in files:
        if each is None or each.plain not in ("-", "/dev/fd/1"):
            line.deeds.reads(each, names_only=line.name in _FIGURES)
    line.deeds.add(Effect.READS)
    if len(files) == 1 and "grep" in line.name and line.has("-l", "--files-with-matches"):
        return files[0]
    if not files and line.name in _PASS and line.given is not None:
        passes = line.name == "cat" or line.given.plain is None  # lines that are left out may change what the rest is
        return line.given if passes else Text((Origin.FILE,))
    return Text((Origin.NUMBER if line.name == "wc" else Origin.FILE,))
