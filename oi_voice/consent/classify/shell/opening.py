"""Commands that open, show, type and convert."""

from __future__ import annotations

import re

from oi_voice.consent.classify.knowledge import commands as known
from oi_voice.consent.classify.knowledge import names_in
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.shell.commands import Handler, Line, Printed
from oi_voice.consent.classify.texts import Origin, Text

_PLAIN_PAGES = names_in(
    "--new-window --new-tab --private-window --incognito -new-tab -new-window -private-window --kiosk"
)


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
    if line.name in known.BROWSERS and any(word.startswith("-") and word not in _PLAIN_PAGES for word in line.plain):
        line.deeds.unknown(f"runs {line.name} with an option that does more than show a page")
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
    if "type" in words:
        from oi_voice.consent.classify import shell

        shell.typed(line.deeds, next((each for each in reversed(line.args) if each is not None), None))
    return None


def _clipboard(line: Line) -> Printed:
    if {"-o", "-out", "--output"} & set(line.plain) or line.name in ("pbpaste", "wl-paste"):
        line.deeds.add(Effect.READS)
        return Text((Origin.PERSON,))
    for path in line.rest("-selection -t -target -d -display -n --type"):
        line.deeds.reads(path)
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
    if line.name == "gs":
        line.deeds.unknown("runs a document's own program")
        if line.has("-o"):
            line.deeds.writes(line.value("-o"))
        return None
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
    **dict.fromkeys(known.OPENERS, _opens),
    **dict.fromkeys(known.PASSING, _passes),
    **dict.fromkeys(("xdotool", "ydotool", "wtype", "xte", "cliclick"), _screen),
    **dict.fromkeys(("xclip", "xsel", "pbcopy", "pbpaste", "wl-copy", "wl-paste"), _clipboard),
    **dict.fromkeys(("scrot", "gnome-screenshot", "import", "screencapture", "maim", "grim", "spectacle"), _picture),
    **dict.fromkeys(known.CONVERTERS, _converts),
    "mogrify": _mogrify,
    **dict.fromkeys(("soffice",), _opens),
}
