"""Commands that speak with hosts."""

from __future__ import annotations

import re

from oi_voice.consent.classify.knowledge import commands as known
from oi_voice.consent.classify.knowledge import names_in
from oi_voice.consent.classify.places import short
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.shell.commands import Handler, Line, Printed
from oi_voice.consent.classify.texts import BLAND, Origin, Text


def _host_name(words: list[Text | None]) -> str:
    return next((each.plain for each in words if each is not None and each.plain), "")


def _asks(line: Line) -> Printed:
    """A host's name is looked up, or the host is asked whether it is there."""
    told = line.value("-p", "--pattern") if line.name.startswith("ping") else None
    if told is not None and told.origin not in BLAND:
        line.deeds.add(Effect.SENDS, "host", _host_name(line.rest("-c -i -W -w -s -t -I -m -p -q -n")))
    for each in line.rest("-c -i -W -w -s -t -I -m -p -q -n")[:2]:
        if each is None or each.origin not in BLAND:
            line.deeds.add(Effect.SENDS, "host", "", "goes to an address that is made as it runs", count=None)
        elif each.plain is not None and not each.plain.startswith("+"):
            line.deeds.add(Effect.NETWORK, "host", each.plain.lstrip("@"))
    return Text((Origin.NET,))


def _is_file(line: Line, name: str) -> bool:
    place = line.deeds.places.resolve(Text((name,)))
    return place is not None and line.deeds.places.look(place, deep=False).exists


def _sends(line: Line) -> Printed:
    """Programs that are there to send."""
    words = line.rest("-p -P -i -o -s -c -w -F -l -u -a -b -t -r")
    name = ""
    for each in words:
        plain = each.plain if each is not None else None
        found = re.match(
            r"(?:\w+://|(?i:tcp|udp|ssl|openssl)[46]?:)?(?:[\w.+-]+@)?([\w-]+(?:\.[\w-]+)*)(?::|/|$)", plain or ""
        )
        if (
            plain
            and found
            and ("@" in plain or ":" in plain or "." in plain or line.name in ("nc", "ssh", "telnet", "ncat"))
            and not _is_file(line, plain)
        ):
            name = found[1]
            break
    if line.name in ("nc", "ncat", "netcat", "socat") and line.has("-l", "--listen", "-e", "-c"):
        line.deeds.unknown("lets others connect to this computer")
    line.deeds.add(Effect.SENDS, "host", known.SERVICES.get(line.name) or name or line.name)
    return Text((Origin.NET,))


_OF_COPIES = {
    "scp": "-c -D -F -i -J -l -o -P -S -X",
    "rsync": "-B -f -M -T --exclude --include --filter --bwlimit --files-from --log-file --backup-dir --exclude-from "
    "--include-from --max-size --min-size --chmod --suffix --timeout --port --compare-dest --link-dest --partial-dir",
}


def _copies_far(line: Line) -> Printed:
    """``rsync``, ``scp``: from one place to another, either of them perhaps a host's."""
    far_shells = [word for word in line.plain if re.fullmatch(r"-[a-zA-Z]*e", word) and line.name == "rsync"]
    plain = len(far_shells) < 2 and re.fullmatch(r"(?:ssh(?: -p ?\d+)?)?", _plain(line.value(*far_shells)))
    paths = line.rest(" ".join((*far_shells, _OF_COPIES[line.name])))
    if (
        line.has("--rsh", "--rsync-path")
        or not plain
        or "-S" in line.plain
        or any("ProxyCommand" in w for w in line.plain)
    ):
        line.deeds.unknown(f"runs {line.name} with a command of its own")
    far = [each for each in paths if each is not None and re.match(r"[^/\s]*:|rsync://", each.head)]
    for each in far:
        name = each.head.removeprefix("rsync://").rpartition("@")[2].partition(":")[0].partition("/")[0]
        ends = each is paths[-1]
        line.deeds.add(Effect.SENDS if ends else Effect.NETWORK, "host", name)
    near = [each for each in paths[:-1] if each not in far]
    if line.has("--remove-source-files"):
        for path in near:
            line.deeds.deletes(path)
    if not far or (paths and paths[-1] not in far):
        target = paths[-1] if len(paths) > 1 else None
        if line.has("--delete", "--delete-after", "--delete-before", "--delete-excluded", "--del"):
            line.deeds.add(Effect.DELETES, "text", f"what is only in the copy ({_shown(line, target)})", count=None)
        if len(paths) > 1 and not (line.name == "rsync" and line.has("--dry-run", "-n")):
            _arrives(line, near, target, bool(far))
        else:
            for path in near:
                line.deeds.reads(path, names_only=True)
    return None


def _plain(text: Text | None) -> str:
    return (text.plain or "") if text is not None else ""


def _arrives(line: Line, near: list[Text | None], target: Text | None, far: bool) -> None:
    """Copies come to be here; what is in a folder whose name ends in a slash goes into the target."""
    if line.has("--ignore-existing"):
        line.deeds.fills(target)
        return
    for path in near:
        whole = path is not None and str(path.pieces[-1:] and path.pieces[-1]).endswith("/")
        (line.deeds.merges if whole else line.deeds.copies)(path, target)
    place = line.deeds.places.resolve(target) if far and target is not None else None
    if far and place is not None and line.deeds.places.look(place, deep=False).files:
        line.deeds.writes(target)
    elif far:
        line.deeds.fills(target, over=True)


def _shown(line: Line, path: Text | None) -> str:
    return short((line.deeds.places.resolve(path) if path is not None else None) or "it")


_OPENSSL_READS = names_in("rand version dgst x509 passwd list ciphers prime speed verify asn1parse help")


def _openssl(line: Line) -> Printed:
    word = line.plain[0] if line.plain else ""
    if word == "s_client":
        line.deeds.add(Effect.SENDS, "host", _host_name([line.value("-connect")]).partition(":")[0])
    elif word in _OPENSSL_READS and not line.has("-out", "-engine", "-provider"):
        for path in line.rest()[1:]:
            line.deeds.reads(path)
        line.deeds.add(Effect.READS)
    else:
        line.deeds.unknown(f"runs openssl {word}, which is not known here")
    return Text((Origin.FILE,))


HANDLERS: dict[str, Handler] = {
    "openssl": _openssl,
    **dict.fromkeys(known.ASKERS, _asks),
    **dict.fromkeys(known.SENDERS, _sends),
    **dict.fromkeys(("rsync", "scp"), _copies_far),
}
