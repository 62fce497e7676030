"""Commands that keep versions, packages and containers."""

from __future__ import annotations

import re

from oi_voice.consent.classify.deeds import Deeds
from oi_voice.consent.classify.knowledge import names_in
from oi_voice.consent.classify.knowledge import options_more as options
from oi_voice.consent.classify.knowledge import packages as known
from oi_voice.consent.classify.risk import LEVELS, Effect, Level
from oi_voice.consent.classify.shell.commands import Handler, Line, Printed
from oi_voice.consent.classify.shell.options import strange
from oi_voice.consent.classify.texts import Origin, Text


def first(line: Line, valued: str = "") -> str:
    words = line.rest(valued)
    return (words[0].plain or "") if words and words[0] is not None else ""


def _package(line: Line) -> Printed:
    """A package manager: what it installs runs code of others."""
    adds, takes, tells = (words.split() for words in known.INSTALLERS[line.name])
    word = first(line, "-t -o --root -c") or next(iter(line.plain), "")
    flags = [each for each in line.plain if each in (*adds, *takes, *tells)]
    word = word if word in (*adds, *takes, *tells) else flags[0] if flags else word
    names = [each.plain or "" for each in line.rest("-r -c -t -i --index-url --extra-index-url") if each is not None][
        1:
    ]
    if line.has("--dry-run", "--simulate"):
        line.deeds.add(Effect.READS)
    elif word in takes:
        line.deeds.add(Effect.DELETES, "package", ", ".join(names), count=len(names) or None)
    elif word in adds:
        names = [name for name in names if name]
        if any("://" in name or name.startswith("git+") for name in names):
            line.deeds.unknown("installs what is at an address")
        line.deeds.add(Effect.INSTALLS, "package", ", ".join(names), count=len(names) or None)
    elif word in tells:
        line.deeds.add(Effect.READS)
    elif word in ("publish", "push", "upload", "login", "adduser"):
        line.deeds.add(Effect.SENDS, "host", "where everybody may get packages")
    else:
        line.deeds.unknown(f"runs {line.name} {word}, which is not known here".replace("  ", " "))
    return Text((Origin.FILE,))


_GIT_VALUED = (
    "-C -c --git-dir --work-tree -m --message -b --depth --branch -o --origin --reference --since --until --author"
)


def _git(line: Line) -> Printed:
    """git by its first word."""
    _git_settings(line)
    kept = [each for each in line.rest(_GIT_VALUED) if each is not None]
    word = (kept[0].plain or "") if kept else ""
    rest = [each.plain or "" for each in kept[1:]]
    _git_options(line, word)
    if word in ("branch", "tag", "stash", "remote", "config", "checkout", "switch", "worktree", "submodule", "notes"):
        _git_more(line, word, rest)
    elif word in known.GIT["reads"].split():
        if line.has("--output", "--ext-diff", "--open-files-in-pager", "--upload-pack") or (
            word == "reflog" and "expire" in rest
        ):
            line.deeds.unknown(f"runs git {word} with an option that does more than read")
        for each in line.args if line.has("--no-index") else ():
            line.deeds.reads(each)
        line.deeds.add(Effect.READS)
    elif word in known.GIT["creates"].split():
        line.deeds.add(
            Effect.CHANGES if word in ("merge", "apply", "am", "mv", "revert", "cherry-pick") else Effect.CREATES
        )
        if word == "commit" and line.has("--amend"):
            line.deeds.add(Effect.CHANGES)
    elif word in known.GIT["fetches"].split():
        _git_fetches(line, word, rest)
    elif word in known.GIT["sends"].split():
        line.deeds.add(Effect.SENDS, "host", _remote(rest))
    elif word in ("reset",) and not line.has("--hard", "--merge", "--keep"):
        line.deeds.add(Effect.CHANGES)
    elif word == "clean" and line.has("-n", "--dry-run"):
        line.deeds.add(Effect.READS)
    elif word in known.GIT["destroys"].split():
        line.deeds.add(
            Effect.DELETES, "file", "work that is not committed", f"runs git {word}, which throws work away", count=None
        )
    else:
        line.deeds.unknown(f"runs git {word}, which is not known here")
    return Text((Origin.FILE,))


def _git_options(line: Line, word: str) -> None:
    """What stands before git's word, and the options behind it: those that are not known may name a command."""
    at = line.plain.index(word) if word in line.plain else len(line.plain)
    if not {*line.plain[:at]} <= _GIT_BEFORE:
        line.deeds.unknown("runs git in another folder, or with settings of its own, which may name programs")
    if word in options.GIT and strange(line.args[at + 1 :], options.GIT[word]):
        line.deeds.unknown(f"runs git {word} with words that are not known here")
    if any("::" in each for each in line.plain) and word in ("clone", "fetch", "pull", "remote", "submodule"):
        line.deeds.unknown("runs git with a command of its own")


_GIT_BEFORE = frozenset(("--no-pager", "-P", "--version", "--help", "--no-optional-locks", "--literal-pathspecs"))


def _git_settings(line: Line) -> None:
    """``git -c name=value``: some settings name a command that git runs."""
    from oi_voice.consent.classify import shell

    before = [word for word in line.plain if not word.startswith("-")]
    at = line.plain.index(before[0]) if before else len(line.plain)
    for index, word in enumerate(line.plain[:at]):
        if word.startswith(("-c", "--exec-path", "--config-env")):
            line.deeds.unknown("runs git with settings of its own")
            value = line.plain[index + 1] if word == "-c" and index + 1 < len(line.plain) else word[2:]
            name, _, meant = value.partition("=")
            if meant.startswith("!") or name.lower().endswith(("pager", "editor", "command", "helper", "fsmonitor")):
                shell.line(line.deeds, Text((meant.removeprefix("!"),)), above=line.shell)


def _remote(words: list[str]) -> str:
    found = re.match(r"(?:\w+://)?(?:[\w.-]+@)?([\w.-]+\.\w+)", words[0]) if words else None
    return found[1] if found else f"the git remote {words[0] if words else 'origin'}"


def _git_fetches(line: Line, word: str, rest: list[str]) -> None:
    if any(each.startswith(("ext::", "--upload-pack")) for each in line.plain) or line.has(
        "--recurse-submodules", "--upload-pack"
    ):
        line.deeds.unknown("runs git with a command of its own")
    line.deeds.add(Effect.NETWORK, "host", _remote(rest))
    if word == "clone":
        name = rest[1] if len(rest) > 1 else rest[0].rstrip("/").rpartition("/")[2].removesuffix(".git") if rest else ""
        line.deeds.makes(Text((name,)) if name else None)
    else:
        line.deeds.add(Effect.CHANGES if word == "pull" else Effect.CREATES)


def _git_more(line: Line, word: str, rest: list[str]) -> None:
    """Words that read alone, and do more with others."""
    from oi_voice.consent.classify import shell

    takes = rest[:1] in (["drop"], ["clear"], ["remove"], ["prune"])
    deletes = takes or line.has("-d", "-D", "--delete", "--force", "-f")
    if word == "config":
        _git_config(line, rest)
    elif word == "submodule" and rest[:1] != ["status"]:
        line.deeds.unknown("runs git in other repositories, whose settings may name programs")
        if rest[:1] == ["foreach"]:
            shell.line(line.deeds, Text((" ".join(rest[1:]),)), above=line.shell)
    elif word == "checkout" and (line.has("-f") or not line.has("-b", "-B")):
        _git_checkout(line, rest)
    elif deletes:
        line.deeds.add(Effect.DELETES, "file", f"a {word} of git", count=None)
    elif (not rest and not line.has("-c", "-b", "-C", "-B", "-m")) or rest[:1] in (
        ["list"],
        ["show"],
        ["get-url"],
        ["status"],
    ):
        line.deeds.add(Effect.CHANGES if word == "stash" and not rest else Effect.READS)
    elif word in ("remote", "submodule"):
        line.deeds.add(Effect.SETTINGS, "setting", f"git {word}")
    else:
        line.deeds.add(Effect.CHANGES if word == "stash" else Effect.CREATES)


def _git_config(line: Line, rest: list[str]) -> None:
    """Settings of git name programs that git runs by itself."""
    asks = line.has("--get", "--list", "--get-all") or "-l" in line.plain
    changes = line.has("--unset", "--unset-all", "--edit", "--add", "--remove-section", "--rename-section", "-e")
    if not changes and (asks or len(rest) == 1):
        line.deeds.add(Effect.READS)
    else:
        line.deeds.add(Effect.STARTUP, "setting", rest[0] if rest else "", "changes what git runs by itself")


def _git_checkout(line: Line, rest: list[str]) -> None:
    """A branch is switched to; or files are put back, and what was done to them is lost."""
    place = line.deeds.places.resolve(Text((rest[0],))) if len(rest) == 1 and rest[0] else None
    switches = place is not None and "--" not in line.plain and not line.has("-f")
    if switches and place is not None and not line.deeds.places.look(place, deep=False).exists:
        line.deeds.add(Effect.CHANGES)
    else:
        line.deeds.add(Effect.DELETES, "file", "work that is not committed", count=None)


def _docker(line: Line) -> Printed:
    words = [each.plain or "" for each in line.rest("-f -H --context --filter --format") if each is not None]
    word = words[0] if words else ""
    if word in ("container", "image", "volume", "network", "system", "compose") and len(words) > 1:
        inner = words[1]
        word = {"ls": "ps", "df": "ps", "up": "start", "down": "rm", "config": "ps"}.get(inner, inner)
    if word in known.DOCKER["reads"].split():
        line.deeds.add(Effect.READS)
    elif word in known.DOCKER["destroys"].split():
        line.deeds.add(Effect.DELETES, "program", "containers or their data", count=None)
    elif word in known.DOCKER["ends"].split():
        line.deeds.add(Effect.ENDS, "process", words[-1] if len(words) > 1 else "")
    elif word in known.DOCKER["changes"].split():
        line.deeds.add(Effect.STARTS, "program", words[-1] if len(words) > 1 else "")
    elif word in known.DOCKER["sends"].split():
        line.deeds.add(
            Effect.SENDS, "host", words[-1].partition("/")[0] if "." in words[-1] else "where images are shared"
        )
    else:
        line.deeds.unknown(f"runs {line.name} {word}, which is not looked into")
        if word in ("run", "exec"):
            _inside(line, line.plain.index(word) + 1)
    return Text((Origin.FILE,))


_DOCKER_VALUED = names_in(
    """
    -v -e -p -w -u -m -h -l --name --volume --env --publish --workdir --user --network --mount --entrypoint --cpus
    --gpus --platform --hostname --env-file --label --memory --restart
    """
)


def _inside(line: Line, at: int) -> None:
    """A command that runs in a container: what is grave of it is grave here too, for folders may be shared."""
    from oi_voice.consent.classify import shell

    while at < len(line.args) and line.plain[at].startswith("-"):
        at += 2 if line.plain[at] in _DOCKER_VALUED else 1
    there = Deeds(None)
    shell.argv(there, line.args[at + 1 :], exact=True)
    for effect in there.effects:
        if LEVELS[effect] > Level.UNKNOWN:
            line.deeds.add(effect, "program", "what is in a container", count=None)


HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(known.INSTALLERS, _package),
    "git": _git,
    **dict.fromkeys(("docker", "podman", "docker-compose"), _docker),
}
