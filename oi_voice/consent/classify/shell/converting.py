"""Commands that make a document, a picture or a sound of another one: which of their names are written."""

from __future__ import annotations

import re

from oi_voice.consent.classify import web
from oi_voice.consent.classify.knowledge import commands as known
from oi_voice.consent.classify.knowledge import names_in
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.shell.commands import Handler, Line, Printed
from oi_voice.consent.classify.texts import Origin, Text, component, joined, split

#: Filters that are programs, and names that ImageMagick takes for commands: ``ephemeral:``, ``msl:``, ``|``.
_MORE = re.compile(r"-F$|--filter|--lua|--pdf-engine|-sOutputFile|.*movie=|(?!https?:)[a-zA-Z]{2,}:|\||@")
_VALUED = "-resize -quality -s -f -r -density -l -dpi -background -o --output -write -crop -geometry -b -t -delay -q"


def _converts(line: Line) -> Printed:
    """The last name is written, or the one after an option."""
    if any(_MORE.match(word) for word in line.plain):
        line.deeds.unknown(f"runs {line.name} with a word that may do more than convert")
    if line.name == "gs":
        line.deeds.unknown("runs a document's own program")
        if line.has("-o"):
            line.deeds.writes(line.value("-o"))
        return None
    words = line.rest(_VALUED)
    named = line.value("-o", "--output") if known.CONVERTERS[line.name] else next(iter(line.args[-1:]), None)
    if named is None and words:
        named = words[-1]
    words = [each for each in words if each is not named]
    named = named if named is not None or line.args[-1:] == [None] else Text(("-",))
    _writes(line, named)
    for at, word in enumerate(line.plain[:-1]):
        if word == "-write":
            _writes(line, line.args[at + 1])
    for each in words:
        _takes_in(line, each)
    return None


def _writes(line: Line, path: Text | None) -> None:
    if path is not None and web.is_address(path.head):
        web.sends(line.deeds, path)
    elif path is None or path.plain != "-":
        line.deeds.writes(path)


def _takes_in(line: Line, path: Text | None) -> None:
    if path is not None and web.is_address(path.head):
        web.fetches(line.deeds, path)
    else:
        line.deeds.reads(path)


_FLAGS = names_in("-y -n -an -vn -sn -dn -nostdin -hide_banner -shortest -stats -nostats -copyts -accurate_seek")


def _ffmpeg(line: Line) -> Printed:
    """Every name that follows no option is written; so is any file that is there and no input."""
    if any(_MORE.match(word) for word in line.plain):
        line.deeds.unknown(f"runs {line.name} with a word that may do more than convert")
    before = ""
    for text, word in zip(line.args, line.plain, strict=True):
        if before == "-i":
            _takes_in(line, text)
        elif word.startswith("-") and word != "-":
            before = "" if word in _FLAGS else word
            continue
        elif not before or text is line.args[-1] or _there(line, text):
            _writes(line, text)
        before = ""
    line.deeds.add(Effect.READS)
    return None


def _there(line: Line, text: Text | None) -> bool:
    place = line.deeds.places.resolve(text) if text is not None and text.plain else None
    return place is not None and bool(line.deeds.places.look(place, deep=False).files)


_EFFECTS = names_in(
    """
    allpass band bandpass bandreject bass bend biquad chorus channels compand contrast dcshift deemph delay dither
    divide downsample earwax echo echos equalizer fade fir firfit flanger gain highpass hilbert ladspa loudness
    lowpass mcompand newfile noiseprof noisered norm oops overdrive pad phaser pitch rate remix repeat restart
    reverb reverse riaa silence sinc spectrogram speed splice stat stats stretch swap synth tempo treble tremolo
    trim upsample vad vol
    """
)


def _sox(line: Line) -> Printed:
    """Files, the last of them written, and then effects with words of their own."""
    at = next((at for at, word in enumerate(line.plain) if word in _EFFECTS), len(line.args))
    if {"newfile", "ladspa", "noiseprof", "spectrogram", "restart"} & {*line.plain[at:]}:
        line.deeds.unknown("runs sox with an effect that may write files of its own")
    words = Line(line.shell, line.name, line.args[:at], None).rest("-r -b -t -c -e -v -C --combine --buffer")
    if words and "-n" not in line.plain[max(at - 1, 0) : at]:
        _writes(line, words.pop())
    for each in words:
        _takes_in(line, each)
    return None


def _tesseract(line: Line) -> Printed:
    """A picture, what the texts of it are called, and of which sort they are."""
    words = line.rest("-l --psm --oem -c --dpi --tessdata-dir --user-words --user-patterns")
    for each in words[:1]:
        _takes_in(line, each)
    if len(words) > 1 and words[1] is not None and words[1].plain not in ("-", "stdout"):
        kinds = [each.plain for each in words[2:] if each is not None and each.plain in ("pdf", "hocr", "tsv", "alto")]
        for kind in kinds or ["txt"]:
            line.deeds.writes(joined(words[1], Text((f".{'xml' if kind == 'alto' else kind}",))))
    return Text((Origin.FILE,))


def _qpdf(line: Line) -> Printed:
    """What stands between an option and ``--`` are other files and passwords; the last of the rest is written."""
    words, inside = list[Text | None](), False
    for text, word in zip(line.args, line.plain, strict=True):
        if word == "--":
            inside = False
        elif word in ("--pages", "--encrypt", "--overlay", "--underlay", "--add-attachment", "--set-page-labels"):
            inside = True
        elif not inside and not word.startswith("--"):
            words.append(text)
    if len(words) > 1 or line.has("--empty", "--replace-input"):
        for each in words[-1:]:
            line.deeds.writes(each)
    for each in words[:1]:
        line.deeds.reads(each)
    return Text((Origin.FILE,))


def _pages(line: Line) -> Printed:
    """The pages of a document become pictures, each with its number in its name."""
    kinds = {"-png": ".png", "-jpeg": ".jpg", "-tiff": ".tif", "-svg": ".svg"}
    ending = next((kinds[word] for word in line.plain if word in kinds), ".ppm")
    words = line.rest("-f -l -r -rx -ry -x -y -W -H -scale-to -scale-to-x -scale-to-y -opw -upw")
    for each in words[:1]:
        line.deeds.reads(each)
    for each in words[1:2]:
        number = Text(()) if "-singlefile" in line.plain else Text(("-", Origin.NUMBER))
        line.deeds.writes(joined(each, joined(number, Text((ending,)))) if each is not None else None)
    return Text((Origin.FILE,))


def _pdftotext(line: Line) -> Printed:
    words = line.rest("-f -l -r -x -y -W -H -enc -eol -opw -upw")
    for each in words[:1]:
        line.deeds.reads(each)
        plain = each.plain if each is not None else None
        named = Text((plain.removesuffix(".pdf") + ".txt",)) if plain else Text((Origin.NAME,))
        _writes(line, words[1] if len(words) > 1 else named)
    return Text((Origin.FILE,))


def _mogrify(line: Line) -> Printed:
    for path in line.rest("-resize -quality -format -crop -rotate -path -geometry -background -gravity -extent"):
        line.deeds.writes(path)
    return None


def _magick(line: Line) -> Printed:
    """ImageMagick's programs by one name."""
    from oi_voice.consent.classify.shell.commands import command

    if line.plain[:1] and line.plain[0] in ("mogrify", "identify", "convert", "montage", "composite", "import"):
        return command(line.shell, line.args, line.given)
    return _converts(line)


def office(line: Line) -> None:
    """What LibreOffice converts gets the same name with another ending, here or in a folder that is named."""
    kind, folder = line.value("--convert-to"), line.value("--outdir") or Text((".",))
    for each in line.rest("--convert-to --outdir --infilter -env"):
        _takes_in(line, each)
        halves = split(each) if each is not None else None
        last = halves[1].pieces[-1:] if halves is not None else ()
        if halves is None or kind is None or not kind.plain or not (last and type(last[0]) is str and "." in last[0]):
            line.deeds.writes(None)
        else:
            ending = f"{last[0].rpartition('.')[0]}.{kind.plain.partition(':')[0]}"
            line.deeds.writes(component(folder, Text((*halves[1].pieces[:-1], ending))))


HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(known.CONVERTERS, _converts),
    "ffmpeg": _ffmpeg,
    "sox": _sox,
    "tesseract": _tesseract,
    "qpdf": _qpdf,
    **dict.fromkeys(("pdftoppm", "pdftocairo"), _pages),
    "pdftotext": _pdftotext,
    "mogrify": _mogrify,
    "magick": _magick,
}
