"""git: by its first word, and what the options behind it make of that."""

from __future__ import annotations

import re

from oi_voice.consent.classify.knowledge import options_more as options
from oi_voice.consent.classify.knowledge import packages as known
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.shell.commands import Handler, Line, Printed
from oi_voice.consent.classify.shell.options import strange
from oi_voice.consent.classify.texts import Origin, Text, Wild

#: By git's words the options that throw away what was done and not committed, or a branch with what is only in it.
_DISCARDING = {
    **dict.fromkeys(("merge", "cherry-pick", "revert", "am"), ("--abort", "--skip")),
    **dict.fromkeys(("fetch", "pull", "mv"), ("-f", "--force")),
    "switch": ("--discard-changes",),
    "reset": ("--hard", "--merge", "--keep"),
}
_LOST = {
    "reflog": "old states that git remembers",
    "remote": "a remote of git",
    "fetch": "a branch of git",
    "mv": "a file that has the new name",
}
_FORCED = {"branch": ("-M", "-C"), "switch": ("-C", "--force-create"), "checkout": ("-B",)}


def _discards(line: Line, word: str, rest: list[str]) -> bool:
    """Whether something is lost that git would else keep."""
    if word == "reflog":
        return rest[:1] in (["expire"], ["delete"])
    if word == "remote":
        return rest[:1] == ["rm"]
    if line.has(*_DISCARDING.get(word, ())):
        return True
    forced = _FORCED.get(word, ())
    named = line.value(*forced) if word != "branch" else None
    return line.has(*forced) and not _free(line, (named.plain or "" if named is not None else "") or (rest or [""])[-1])


def _free(line: Line, branch: str) -> bool:
    """Whether there is a repository here, and it has no branch of that name."""

    def there(name: str) -> bool:
        place = line.deeds.places.resolve(Text((name,)))
        return place is not None and line.deeds.places.look(place, deep=False).exists

    return there(".git/HEAD") and not there(".git/packed-refs") and not there(f".git/refs/heads/{branch}")


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
    if _discards(line, word, rest):
        what = _LOST.get(
            word, "work that is not committed" if line.has(*_DISCARDING.get(word, ())) else "a branch of git"
        )
        line.deeds.add(Effect.DELETES, "file", what, f"runs git {word}, which throws work away", count=None)
    elif word in ("branch", "tag", "stash", "remote", "config", "checkout", "switch", "worktree", "submodule", "notes"):
        _git_more(line, word, rest)
    elif word in known.GIT["reads"].split():
        _git_reads(line, word)
        if word == "ls-files":
            return Text((Wild("**"),))
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
    elif word == "reset" or (word == "restore" and line.has("-S", "--staged") and not line.has("-W", "--worktree")):
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


def _git_reads(line: Line, word: str) -> None:
    if line.has("--output", "--ext-diff", "--open-files-in-pager", "--upload-pack"):
        line.deeds.unknown(f"runs git {word} with an option that does more than read")
    for each in line.args if line.has("--no-index") else ():
        line.deeds.reads(each)
    line.deeds.add(Effect.READS)


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


HANDLERS: dict[str, Handler] = {"git": _git}
