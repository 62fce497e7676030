"""Commands that open, show, type and convert."""

from __future__ import annotations

import re

from oi_voice.consent.classify.knowledge import commands as known
from oi_voice.consent.classify.knowledge import names_in
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.shell.commands import Handler, Line, Printed
from oi_voice.consent.classify.shell.converting import office
from oi_voice.consent.classify.shell.interpreters import again
from oi_voice.consent.classify.texts import Origin, Text

_PLAIN_PAGES = names_in(
    "--new-window --new-tab --private-window --incognito -new-tab -new-window -private-window --kiosk"
)


PROGRAMS = (".sh", ".desktop", ".command", ".app", ".exe", ".jar", ".run")
#: The options by which what is spoken or played goes into a file.
_SOUNDS = {
    **dict.fromkeys(("espeak", "espeak-ng", "spd-say", "mpg123"), ("-w", "--wav")),
    "say": ("-o", "--output-file"),
}
EDITORS = frozenset(("vim", "vi", "emacs", "code", "subl", "kate", "nano", "gimp", "inkscape", "vlc", "mpv", "gedit"))


def _opens(line: Line) -> Printed:
    """A program that is left to the person, or shows a document or a page."""
    from oi_voice.consent.classify import web

    words = line.rest("-a -b -e --working-directory")
    if line.name in ("xterm", "gnome-terminal", "konsole", "gio", "soffice", "libreoffice") and len(line.args) > 0:
        if line.name == "gio" and line.plain[0] == "trash":
            _bin(line, words[1:])
            return None
        if line.name in ("soffice", "libreoffice") and "--convert-to" in line.plain:
            office(line)
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
        elif (each.plain or "").endswith(PROGRAMS) or re.match(r"(?:macro|vnd\.[\w.]+):", each.head):
            line.deeds.unknown("runs another program file")
    line.deeds.add(Effect.OPENS, "program", (words[0].plain or "") if words and words[0] is not None else line.name)
    return None


def _bin(line: Line, paths: list[Text | None]) -> None:
    """``gio trash``: into the bin, or what is in it."""
    if line.has("--empty"):
        line.deeds.add(Effect.DELETES, "file", "everything in the bin", count=None)
    for path in paths:
        line.deeds.recycles(path)
    if not paths:
        line.deeds.add(Effect.READS)


def _passes(line: Line) -> Printed:
    for option in _SOUNDS.get(line.name, ()):
        if option in line.plain:
            line.deeds.writes(line.value(option))
    if "-execute" in line.plain:
        again(line, line.value("-execute"))
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
    if line.name == "wl-paste" and line.has("-w", "--watch"):
        line.deeds.unknown("runs a command whenever something is copied")
    if {"-o", "-out", "--output"} & set(line.plain) or line.name in ("pbpaste", "wl-paste"):
        line.deeds.add(Effect.READS, "text", "the clipboard")
        return Text((Origin.PERSON,))
    for path in line.rest("-selection -t -target -d -display -n --type"):
        line.deeds.reads(path)
    line.deeds.add(Effect.CLIPBOARD)
    return None


def _picture(line: Line) -> Printed:
    """A picture of the screen goes into a file."""
    line.deeds.add(Effect.READS, "text", "the screen")
    if line.name == "scrot" and line.has("-e", "--exec"):
        again(line, line.value("-e", "--exec"))
    named = line.value("-o", "--output") if line.name == "spectacle" else line.value("-f", "--file")
    words = line.rest("-window -delay -d -q -t -R -g -e")
    if named is None and line.args and line.args[-1] not in words and not line.plain[-1].startswith("-"):
        words.append(line.args[-1])  # an option that was taken to have a value may have none
    if named is None and not words:
        line.deeds.add(Effect.CREATES, "file", "")
    for each in [named] if named is not None else words:
        line.deeds.writes(each)
    return None


HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(known.OPENERS, _opens),
    **dict.fromkeys(known.PASSING, _passes),
    **dict.fromkeys(("xdotool", "ydotool", "wtype", "xte", "cliclick"), _screen),
    **dict.fromkeys(("xclip", "xsel", "pbcopy", "pbpaste", "wl-copy", "wl-paste"), _clipboard),
    **dict.fromkeys(("scrot", "gnome-screenshot", "import", "screencapture", "maim", "grim", "spectacle"), _picture),
    **dict.fromkeys(("soffice",), _opens),
}
