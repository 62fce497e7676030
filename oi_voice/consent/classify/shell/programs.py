"""Commands that run other commands, or code: shells, interpreters, wrappers."""

from __future__ import annotations

import re

from oi_voice.consent.classify.knowledge import commands as known
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.shell.commands import Handler, Line, Printed, command
from oi_voice.consent.classify.shell.interpreters import again, run_file
from oi_voice.consent.classify.texts import Origin, Text, joined


def _wrapper(line: Line) -> Printed:
    """``nice``, ``env``, ``timeout``: what follows runs."""
    valued = known.WRAPPERS[line.name]
    at, args = 0, line.args
    while at < len(args):
        word = line.plain[at]
        if line.name == "env" and re.match(r"\w+=", args[at].head if args[at] is not None else ""):  # type: ignore[union-attr]
            key, _, value = args[at].head.partition("=")  # type: ignore[union-attr]  # as above
            line.deeds.steers(key, Text((value, *args[at].pieces[1:])))  # type: ignore[union-attr]
            at += 1
        elif word.startswith("-") and len(word) > 1:
            if line.name == "env" and word.startswith(("-S", "--split")):
                line.deeds.unknown("runs a command line that is made as it runs")
            at += 2 if word in valued else 1
        else:
            break
    own = Line(line.shell, line.name, args[:at], None)
    if line.name == "time" and own.has("-o", "--output"):
        line.deeds.writes(own.value("-o", "--output"))
    if line.name == "timeout":
        at += 1
    if line.name == "command" and own.has("-v", "-V"):
        line.deeds.add(Effect.READS)
        return Text((Origin.FILE,))
    if at < len(args):
        return command(line.shell, args[at:], line.given)
    if line.name == "env":
        line.deeds.add(Effect.SECRETS, "text", "environment", "reads all environment variables, keys among them")
    line.deeds.add(Effect.READS)
    return None


def _admin(line: Line) -> Printed:
    """``sudo``: what follows, with every right."""
    valued = known.ADMINS[line.name]
    at = 0
    while at < len(line.args) and (line.plain[at].startswith("-") or re.match(r"\w+=", line.plain[at])):
        if line.plain[at] == "-c" and at + 1 < len(line.args):
            again(line, line.args[at + 1])
        at += 2 if line.plain[at] in valued else 1
    line.deeds.add(Effect.ADMIN, reason="runs as administrator")
    if line.name == "su":
        if line.has("-c", "--command"):
            again(line, line.value("-c", "--command"))
        return Text((Origin.OPAQUE,))
    if at < len(line.args):
        return command(line.shell, line.args[at:], line.given)
    return Text((Origin.OPAQUE,))


def _eval(line: Line) -> Printed:
    whole = Text(())
    for index, each in enumerate(line.args):
        if each is None:
            again(line, None)
            return None
        whole = joined(joined(whole, Text((" ",))) if index else whole, each)
    again(line, whole)
    return Text((Origin.OPAQUE,))


def _source(line: Line) -> Printed:
    paths = line.rest()
    plain = paths[0].plain if paths and paths[0] is not None else None
    if plain is not None and plain.endswith(("/bin/activate", "activate.fish")):
        line.deeds.add(Effect.SESSION)
        line.deeds.unknown("runs a program file in this shell")
    else:
        run_file(line, paths[0] if paths else None)
    return None


def _alias(line: Line) -> Printed:
    """Another name for a command, for what comes later too."""
    for text in line.args:
        word = text.head if text is not None else ""
        name, sign, meant = word.partition("=")
        if text is None or text.plain is None:
            line.deeds.unknown("gives another meaning to a command")
        elif sign:
            line.shell.aliases[name] = Text((meant,))
            line.deeds.add(Effect.SESSION)
            line.deeds.unknown(f"gives another meaning to {name}")
    if not line.args:
        line.deeds.add(Effect.READS)
    return None


def _trap(line: Line) -> Printed:
    if line.args and line.plain[0] not in ("-", "-l", "-p", ""):
        again(line, line.args[0])
    return None


def _refused(reason: str) -> Handler:
    def handler(line: Line) -> Printed:
        line.deeds.unknown(reason)
        return Text((Origin.OPAQUE,))

    return handler


def _export(line: Line) -> Printed:
    line.deeds.add(Effect.SESSION)
    return None


#: Functions of sqlite3's that read and write files and load programs; and commands of its own.
_SQL_MORE = re.compile(
    r"(?im)\b(?:writefile|readfile|load_extension|edit|fsdir|lsmode|attach|into)\b"
    r"|^\s*\.(?!(?:tables|schema|databases|headers?|mode|indexes|indices|dbinfo|width|timeout)\b)"
)


def _sql(line: Line) -> Printed:
    """``sqlite3 file statement``, and clients of databases."""
    from oi_voice.consent.classify.sql import statement

    if line.name == "sqlite3":
        words = line.rest("-separator -cmd -init -nullvalue -newline")
        if line.has("-cmd", "-init") or any(
            word.lstrip().startswith((".shell", ".system", ".output", ".once", ".import")) for word in line.plain
        ):
            line.deeds.unknown("runs a command of sqlite3 that does more than ask")
        database, statements = (words[0] if words else None), words[1:]
    else:
        database, value = Text((line.name,)), line.value("-c", "-e", "--command", "--execute", "--eval")
        statements = [value] if value is not None else []
    if any(each is None or _SQL_MORE.search(each.head) for each in statements) and line.name == "sqlite3":
        line.deeds.unknown("runs a database statement that reaches files or programs")
        database = None
    statements = statements or ([line.given] if line.given is not None else [])
    if not statements:
        line.deeds.unknown("waits for statements")
    for each in statements:
        if each is not None and (each.plain or "").lstrip().startswith(
            (".tables", ".schema", ".databases", ".headers", ".mode")
        ):
            line.deeds.add(Effect.READS)
        else:
            statement(line.deeds, each, database, file=line.name == "sqlite3")
    return Text((Origin.FILE,))


HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(known.WRAPPERS, _wrapper),
    **dict.fromkeys(known.ADMINS, _admin),
    "eval": _eval,
    **dict.fromkeys(("source", "."), _source),
    "alias": _alias,
    "unalias": _export,
    "trap": _trap,
    **dict.fromkeys(("sqlite3", "psql", "mysql", "mariadb", "mongosh", "duckdb"), _sql),
    **dict.fromkeys(
        ("make", "cmake", "ninja", "just", "rake", "gradle", "mvn", "ant"),
        _refused("builds by rules in a file, which are not looked into"),
    ),
    **dict.fromkeys(("npx", "bunx", "uvx", "dlx"), _refused("fetches a program and runs it")),
    **dict.fromkeys(
        ("script", "screen", "tmux", "flock", "unshare", "nsenter", "strace", "gdb"),
        _refused("runs commands in a way that is not looked into"),
    ),
}
