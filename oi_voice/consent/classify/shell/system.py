"""Commands on programs, packages, processes, settings and the machine itself."""

from __future__ import annotations

import re

from oi_voice.consent.classify.knowledge import commands as known
from oi_voice.consent.classify.knowledge import listed
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.shell.commands import Handler, Line, Printed
from oi_voice.consent.classify.shell.packages import first
from oi_voice.consent.classify.texts import Origin, Text


def _systemctl(line: Line) -> Printed:
    word = first(line, "-H -M -p -t -n") or "list-units"
    names = ", ".join(each.plain or "" for each in line.rest("-H -M -p -t -n")[1:] if each is not None)
    if line.name == "service":
        words = [each.plain or "" for each in line.rest() if each is not None]
        word, names = (words[1] if len(words) > 1 else "status"), words[0] if words else ""
    if word in known.SYSTEMCTL["reads"].split():
        line.deeds.add(Effect.READS)
    elif word in known.SYSTEMCTL["changes"].split():
        line.deeds.add(Effect.STARTS, "service", names)
    elif word in known.SYSTEMCTL["startup"].split():
        line.deeds.add(Effect.STARTUP, "service", names, "changes what starts by itself")
    elif word in known.SYSTEMCTL["ends"].split():
        line.deeds.add(Effect.ENDS, "process", "the computer" if word != "kill" else names)
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


def _setting(line: Line) -> Printed:
    """Settings: some of a program's words only tell."""
    tells = known.SETTERS[line.name].split()
    words = line.plain
    kept = [each.plain or "" for each in line.rest() if each is not None]
    if line.name == "nmcli":
        changes = {
            "up",
            "down",
            "add",
            "delete",
            "modify",
            "connect",
            "disconnect",
            "on",
            "off",
            "edit",
            "set",
            "import",
        }
        looks = not changes & set(words) and not any(word.startswith(("mod", "del", "con-")) for word in words[2:])
    elif line.name == "ip":
        looks = not {"add", "del", "set", "flush", "change", "replace", "delete", "up", "down", "exec"} & set(words)
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
    else:
        line.deeds.add(Effect.SETTINGS, "setting", " ".join(kept[:3]))
    return Text((Origin.FILE,))


_BREAK = known.BREAKERS


_START = frozenset(listed("crontab at batch launchctl schtasks update-rc.d chkconfig"))


def _breaks(line: Line) -> Printed:
    if line.name in _START:
        line.deeds.add(Effect.STARTUP, "service", line.name, "changes what starts by itself")
    elif line.name in ("shred", "srm", "wipe"):
        for path in line.rest("-n -s"):
            line.deeds.deletes(path)
    else:
        name = next((each.plain for each in reversed(line.rest("-t -L")) if each is not None and each.plain), line.name)
        line.deeds.add(Effect.SYSTEM, "file", name, "changes the system's own files")
    return None


EDITORS = frozenset(("vim", "vi", "emacs", "code", "subl", "kate", "nano", "gimp", "inkscape", "vlc", "mpv", "gedit"))


def _opens(line: Line) -> Printed:
    """A program that is left to the person, or shows a document or a page."""
    from oi_voice.consent.classify import web

    words = line.rest("-a -b -e --working-directory")
    if line.name in ("xterm", "gnome-terminal", "konsole", "gio", "soffice", "libreoffice") and len(line.args) > 0:
        if line.name == "gio" and line.plain[0] == "trash":
            for path in words[1:]:
                line.deeds.recycles(path)
            return None
        if line.name in ("soffice", "libreoffice") and "--convert-to" in line.plain:
            line.deeds.add(Effect.CREATES, "file", "")
            return None
        if line.name == "gio" and line.plain[0] in ("info", "list", "tree", "cat", "open"):
            words = words[1:]
        elif line.name != "libreoffice" or line.has("--headless"):
            line.deeds.unknown(f"runs {line.name} with words that are not known here")
    if line.name in EDITORS and any((word.plain or "-").startswith(("-", "+")) for word in line.args if word):
        line.deeds.unknown(f"runs {line.name} with words that it may take for commands")
    for each in words:
        if each is not None and web.is_address(each.head):
            web.fetches(line.deeds, each)
        elif each is None or (each.plain is None and line.deeds.places.resolve(each) is None):
            line.deeds.unknown("opens something whose name is made as it runs")
        elif (each.plain or "").endswith((".sh", ".desktop", ".command", ".app", ".exe", ".jar", ".run")):
            line.deeds.unknown("runs another program file")
    line.deeds.add(Effect.OPENS, "program", (words[0].plain or "") if words and words[0] is not None else line.name)
    return None


def _passes(line: Line) -> Printed:
    out = line.value("-w") if line.name.startswith(("espeak", "spd")) else None
    if out is not None:
        line.deeds.writes(out)
    if line.name == "wmctrl" and line.has("-c"):
        line.deeds.add(Effect.ENDS, "window", "")
    line.deeds.add(Effect.SESSION)
    return None


def _screen(line: Line) -> Printed:
    words = line.plain
    looks = words[:1] and words[0] in (
        "getmouselocation",
        "getactivewindow",
        "search",
        "getwindowname",
        "getdisplaygeometry",
    )
    acts = {"key", "type", "click", "windowkill", "exec", "mousedown", "windowclose"} & set(words)
    line.deeds.add(Effect.READS if looks and not acts else Effect.SCREEN)
    return None


def _clipboard(line: Line) -> Printed:
    if {"-o", "-out", "--output"} & set(line.plain) or line.name in ("pbpaste", "wl-paste"):
        line.deeds.add(Effect.READS)
        return Text((Origin.PERSON,))
    line.deeds.add(Effect.CLIPBOARD)
    return None


def _picture(line: Line) -> Printed:
    """A picture of the screen goes into a file."""
    path = line.value("-f", "--file") or next(iter(line.rest("-window -delay -d -q -t -R")), None)
    if path is None:
        line.deeds.add(Effect.CREATES, "file", "")
    else:
        line.deeds.writes(path)
    return None


#: Filters that are programs, and names that ImageMagick takes for commands: ``ephemeral:``, ``msl:``, ``|``.
_CONVERTS_MORE = re.compile(r"-F$|--filter|--lua|--pdf-engine|-sOutputFile|.*movie=|(?!https?:)[a-zA-Z]{2,}:|\||@")


def _converts(line: Line) -> Printed:
    """Documents, pictures, sound: the last name is written, or the one after an option."""
    words = line.rest(
        "-i -resize -quality -vf -ss -t -to -crf -r -c:v -c:a -b:a -f -s -codec -preset -density -l -dpi -background"
    )
    if any(_CONVERTS_MORE.match(word) for word in line.plain):
        line.deeds.unknown(f"runs {line.name} with a word that may do more than convert")
    option = line.value("-o", "--output") if known.CONVERTERS[line.name] else None
    target = option or (words[-1] if words else None)
    if line.name == "pdftotext" and len(words) == 1 and words[0] is not None:
        target = (
            Text(((words[0].plain or "").removesuffix(".pdf") + ".txt",)) if words[0].plain else Text((Origin.NAME,))
        )
    if target is None or target.plain != "-":
        line.deeds.writes(target)
    for each in words[:-1]:
        line.deeds.reads(each)
    return None


def _mogrify(line: Line) -> Printed:
    for path in line.rest("-resize -quality -format -crop -rotate -path"):
        line.deeds.writes(path)
    return None


HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(known.BREAKERS, _breaks),
    **dict.fromkeys(known.OPENERS, _opens),
    **dict.fromkeys(known.PASSING, _passes),
    **dict.fromkeys(known.SETTERS, _setting),
    **dict.fromkeys(known.ENDERS, _ends),
    **dict.fromkeys(("systemctl", "service"), _systemctl),
    **dict.fromkeys(("xdotool", "ydotool", "wtype", "xte", "cliclick"), _screen),
    **dict.fromkeys(("xclip", "xsel", "pbcopy", "pbpaste", "wl-copy", "wl-paste"), _clipboard),
    **dict.fromkeys(("scrot", "gnome-screenshot", "import", "screencapture", "maim", "grim", "spectacle"), _picture),
    **dict.fromkeys(known.CONVERTERS, _converts),
    "mogrify": _mogrify,
    **dict.fromkeys(("soffice",), _opens),
}
