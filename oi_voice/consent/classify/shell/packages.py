"""Commands that keep packages and containers."""

from __future__ import annotations

from oi_voice.consent.classify import web
from oi_voice.consent.classify.deeds import Deeds
from oi_voice.consent.classify.knowledge import names_in
from oi_voice.consent.classify.knowledge import packages as known
from oi_voice.consent.classify.risk import LEVELS, Effect, Level
from oi_voice.consent.classify.shell.commands import Handler, Line, Printed
from oi_voice.consent.classify.texts import Origin, Text


def first(line: Line, valued: str = "") -> str:
    words = line.rest(valued)
    return (words[0].plain or "") if words and words[0] is not None else ""


#: Words behind which the one that counts stands.
_INNER = {
    "uv": ("pip", "tool", "python", "cache"),
    **dict.fromkeys(("pip", "pip3", "npm", "pnpm"), ("cache", "store")),
    **dict.fromkeys(("conda", "mamba"), ("env",)),
    "yarn": ("cache", "global"),
    "brew": ("services",),
}
_VALUED = "-t -o --root -c -r -i --index-url --extra-index-url"


def _package(line: Line) -> Printed:
    """A package manager: what it installs runs code of others."""
    adds, takes, tells = (words.split() for words in known.INSTALLERS[line.name])
    words = [each.plain or "" for each in line.rest(_VALUED) if each is not None] or line.plain[:1] or [""]
    flags = [each for each in line.plain if each.startswith("-") and each in (*adds, *takes, *tells)]
    inner = len(words) > 1 and words[0] in _INNER.get(line.name, ())
    word, *names = words[inner:]
    word = word if word in (*adds, *takes, *tells) else flags[0] if flags else word
    if line.name == "npm" and word == "ci":
        line.deeds.deletes(Text(("node_modules",)))
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


_AFRESH = ("-V", "--renew-anon-volumes", "--remove-orphans", "--force-recreate")
_GROUPS = names_in("builder buildx compose container context image network system volume")


def _docker(line: Line) -> Printed:
    words = [each.plain or "" for each in line.rest("-f -H --context --filter --format") if each is not None]
    words = ["compose", *words] if line.name == "docker-compose" else words
    word = words[0] if words else ""
    if words[:2] == ["compose", "up"] and line.has(*_AFRESH):
        word = "rm"
    elif word in _GROUPS and len(words) > 1:
        inner = words[1]
        word = {"ls": "ps", "df": "ps", "up": "start", "down": "rm", "config": "ps"}.get(inner, inner)
    if word in known.DOCKER["reads"].split():
        address = line.value("-H", "--host")
        if address is not None:
            web.fetches(line.deeds, address)
        else:
            line.deeds.add(Effect.NETWORK, "host", line.name)
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
    **dict.fromkeys(("docker", "podman", "docker-compose"), _docker),
}
