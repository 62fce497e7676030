"""Clients of services: they ask with the person's own account, and some of what they ask for changes nothing.

Sources: the references of kubectl, Terraform, Ollama, the AWS CLI and the GitHub CLI.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from oi_voice.consent.classify.knowledge import commands as known
from oi_voice.consent.classify.knowledge import names_in
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.shell import hosts
from oi_voice.consent.classify.shell.commands import Handler, Line, Printed
from oi_voice.consent.classify.texts import BLAND, Origin, Text


@dataclass(frozen=True, slots=True)
class _Client:
    """``asks``: words that only ask; ``shows``: those whose answer holds keys. ``valued`` and ``bare`` are options."""

    service: str
    asks: re.Pattern[str]
    shows: re.Pattern[str] = re.compile(r"(?!)")
    valued: frozenset[str] = frozenset()
    bare: frozenset[str] = frozenset()


_CLIENTS = {
    "kubectl": _Client(
        "the cluster that kubectl uses",
        re.compile(r"(?:get|describe|logs|top|version|cluster-info|api-resources|api-versions|explain)\b(?! dump)"),
        re.compile(r"(?:get|describe) (?:\S*[,/])?secrets?\b|config view"),
        names_in(
            "-n --namespace -o --output -l --selector --field-selector --tail --since -c --container --sort-by -L"
        ),
        names_in("-A --all-namespaces -w --watch --previous -p --show-labels --no-headers --timestamps --follow"),
    ),
    "terraform": _Client(
        "the state that Terraform keeps",
        re.compile(r"(?:version|validate|providers|state list|workspace (?:list|show))$"),
        re.compile(r"(?:show|output|state (?:show|pull))\b"),
        bare=names_in("-json -no-color -raw"),
    ),
    "ollama": _Client("Ollama", re.compile(r"(?:list|ls|ps|show [\w.:/-]+)$"), bare=names_in("--modelfile --license")),
    "aws": _Client(
        known.SERVICES["aws"],
        re.compile(r"(?:s3 ls\b|configure list$|sts get-caller-identity$|[a-z0-9-]+ (?:describe|list)-[a-z-]+\b)"),
        re.compile(r"secretsmanager get-|ssm get-param|sts (?:get-session|assume)|ecr get-login|iam create-access"),
        names_in("--region --output --query --profile --max-items --page-size --instance-ids --cluster --bucket"),
        names_in("--recursive --human-readable --summarize --no-cli-pager --no-paginate"),
    ),
    "gh": _Client(
        known.SERVICES["gh"],
        re.compile(r"(?:pr|issue|repo|run|release|workflow|gist|label) (?:list|view|status|diff|checks)\b|status$"),
        re.compile(r"auth (?:token|status)"),
        names_in("-R --repo -L --limit -s --state -a --assignee -A --author -l --label --json -q --jq -S --search -b"),
        names_in("-c --comments --log --log-failed"),
    ),
}
_CLIENTS["tofu"] = _CLIENTS["terraform"]
#: Values that a client reads from a file, from another address or from its environment.
_FETCHED = re.compile(r"(?i)(?:fileb?|https?)://|^@|-file=|\benv\b")


def _asks(line: Line) -> Printed:
    """A word that only asks, with options that say no more than what is asked for; anything else may do more."""
    client = _CLIENTS[line.name]
    words = " ".join(each.plain or "" for each in line.rest(" ".join(client.valued)) if each is not None)
    options = {word.partition("=")[0] for word in line.plain if word.startswith("-")}
    bland = all(each is not None and each.origin in BLAND for each in line.args)
    if client.shows.match(words):
        line.deeds.add(Effect.SECRETS, "text", client.service, "reads keys or passwords")
    if (
        bland
        and client.asks.match(words)
        and options <= client.valued | client.bare
        and not any(map(_FETCHED.search, line.plain))
    ):
        line.deeds.add(Effect.NETWORK, "host", client.service)
    elif line.name in known.SENDERS:
        return hosts.HANDLERS[line.name](line)
    elif not client.shows.match(words):
        line.deeds.unknown(f"runs {line.name} {words.partition(' ')[0]}, which is not known here".replace("  ", " "))
    return Text((Origin.NET,))


HANDLERS: dict[str, Handler] = dict.fromkeys(_CLIENTS, _asks)
