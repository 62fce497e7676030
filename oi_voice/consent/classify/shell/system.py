"""Commands on programs, packages, processes, settings and the machine itself."""

from __future__ import annotations

import re

from oi_voice.consent.classify.knowledge import commands as known
from oi_voice.consent.classify.knowledge import names_in
from oi_voice.consent.classify.knowledge.packages import SYSTEMCTL
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.shell.commands import Handler, Line, Printed, command
from oi_voice.consent.classify.shell.packages import first
from oi_voice.consent.classify.texts import Origin, Text


def _systemctl(line: Line) -> Printed:
    word = first(line, "-H -M -p -t -n") or "list-units"
    names = ", ".join(each.plain or "" for each in line.rest("-H -M -p -t -n")[1:] if each is not None)
    if line.name == "service":
        words = [each.plain or "" for each in line.rest() if each is not None]
        word, names = (words[1] if len(words) > 1 else "status"), words[0] if words else ""
    if word in SYSTEMCTL["reads"].split():
        line.deeds.add(Effect.READS)
    elif word in SYSTEMCTL["changes"].split():
        line.deeds.add(Effect.STARTS, "service", names)
    elif word in SYSTEMCTL["startup"].split():
        line.deeds.add(Effect.STARTUP, "service", names, "changes what starts by itself")
    elif word in SYSTEMCTL["ends"].split():
        line.deeds.add(Effect.ENDS, "process", names if word in ("kill", "stop") else "the computer")
    else:
        line.deeds.unknown(f"runs {line.name} {word}, which is not known here")
    return Text((Origin.FILE,))


def _ends(line: Line) -> Printed:
    names = [each.plain or "" for each in line.rest("-s -n -u -t") if each is not None]
    if line.name in ("kill", "pkill", "killall") and {"-l", "-0"} & set(line.plain):
        line.deeds.add(Effect.READS)
        return None
    whole = line.name in ("shutdown", "reboot", "poweroff", "halt", "init", "telinit", "logout", "gnome-session-quit")
    line.deeds.add(Effect.ENDS, "process", "the computer" if whole else ", ".join(filter(None, names)))
    return None


def _nmcli_looks(line: Line) -> bool:
    """Whether NetworkManager is only asked; that it tells a password is noted."""
    if line.has("-s", "--show-secrets") or any(word.startswith("show-p") for word in line.plain):
        line.deeds.add(Effect.SECRETS, "program", line.name, "reads keys or passwords")
    words = [each.plain or "" if each is not None else "" for each in line.rest("-f --fields -g --get-values -m -c")]
    return len(words) < 2 or words[1] in _LOOKS or (words[1] in ("wifi", "w", "all") and not {*words[2:3]} - _LOOKS)


def _ip_looks(line: Line) -> bool:
    """Whether the network is only looked at; a command that runs in another one is followed."""
    words = [word for word in line.plain if not word.startswith("-")]
    if "exec" in words or {"-b", "-batch", "-B"} & {*line.plain}:
        line.deeds.unknown("runs commands in another network, or from a file")
    if words[:2] == ["netns", "exec"]:
        command(line.shell, line.args[line.plain.index("exec") + 2 :], line.given)
    return words[:1] != ["netns"] and (len(words) < 2 or words[1] in _LOOKS)


_LOOKS = frozenset(("show", "list", "ls", "lst", "sh", "s", "l", "get", "status", "show-password"))


def _setting(line: Line) -> Printed:
    """Settings: some of a program's words only tell."""
    tells = known.SETTERS[line.name].split()
    words = line.plain
    kept = [each.plain or "" for each in line.rest() if each is not None]
    if line.name == "nmcli":
        looks = _nmcli_looks(line)
    elif line.name == "ip":
        looks = _ip_looks(line)
    elif line.name == "crontab":
        looks = words == ["-l"]
    else:
        looks = not words or (
            any(word in tells for word in words[:2]) and (len(kept) <= 1 or kept[0] in tells or words[0] in tells)
        )
    if looks and (words or line.name not in _BREAK):
        line.deeds.add(Effect.READS)
    elif line.name in _BREAK:
        _breaks(line)
    elif line.name == "loginctl" and "".join(kept[:1]).startswith(("terminate", "kill")):
        line.deeds.add(Effect.ENDS, "process", "what runs in a session")
    elif any(map(_FORGETS.fullmatch, (*words[:1], *kept[:2]))) or ("reset" in kept[:1] and line.has("-f")):
        what = " ".join(word for word in kept if not _FORGETS.fullmatch(word) and word != "reset")
        line.deeds.add(Effect.DELETES, "text", f"the settings of {what or line.name}", count=None)
    else:
        line.deeds.add(Effect.SETTINGS, "setting", _setting_name(line.name, kept))
    return Text((Origin.FILE,))


_FORGETS = re.compile(r"de?|del(?:ete?)?|rm|-?remove\w*|-?delete\w*|forget|reset-recursively|-x")


def _setting_name(name: str, words: list[str]) -> str:
    """What is set, without the word that says so."""
    rest = words[1:] if words[:1] in (["set"], ["write"], ["reset"]) else words
    if name == "gsettings":
        return " ".join(rest[1:2]).replace("-", " ")
    return rest[0].rpartition("/")[2].replace("-", " ") if name == "dconf" and rest else " ".join(rest[:3])


_BREAK = known.BREAKERS


_START = names_in("crontab at batch launchctl schtasks update-rc.d chkconfig")


_MOUNTS = names_in("mount umount swapon swapoff fsck e2fsck hdparm badblocks losetup efibootmgr")


def _breaks(line: Line) -> Printed:
    if line.name in _START:
        line.deeds.add(Effect.STARTUP, "service", line.name, "changes what starts by itself")
    elif line.name in ("shred", "srm", "wipe"):
        for path in line.rest("-n -s" if line.name == "shred" else ""):
            line.deeds.deletes(path)
    else:
        name = next((each.plain for each in reversed(line.rest("-t -L")) if each is not None and each.plain), line.name)
        kind = "disk" if (name or "").startswith("/dev/") and line.name not in _MOUNTS else "setting"
        line.deeds.add(Effect.SYSTEM, kind, name or line.name, "changes the system's own files")
    return None


def _tells_secrets(line: Line) -> Printed:
    """Programs that keep keys and passwords: most of their words show them."""
    if set(line.plain) & {"--version", "ls", "list", "--list-keys", "-k", "--verify", "--fingerprint", "list-keys"}:
        line.deeds.add(Effect.READS)
    elif line.name == "gpg" and not line.has("-d", "--decrypt") and not any("secret" in word for word in line.plain):
        line.deeds.unknown("runs gpg in a way that is not known")
    else:
        line.deeds.add(Effect.SECRETS, "program", line.name, "reads keys or passwords")
    return Text((Origin.FILE,))


def _fuser(line: Line) -> Printed:
    line.deeds.add(*((Effect.ENDS, "process", "") if line.has("-k", "--kill") else (Effect.READS,)))
    return Text((Origin.FILE,))


HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(known.BREAKERS, _breaks),
    **dict.fromkeys(known.SETTERS, _setting),
    **dict.fromkeys(known.ENDERS, _ends),
    **dict.fromkeys(("systemctl", "service"), _systemctl),
    "fuser": _fuser,
    **dict.fromkeys(
        ("secret-tool", "pass", "gpg", "gpg2", "kwallet-query", "security", "bw", "op", "lpass"), _tells_secrets
    ),
}
