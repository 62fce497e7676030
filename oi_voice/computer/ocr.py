"""Text on the screen, found by its exact words with tesseract.

Page segmentation 11 (sparse text) on a picture of twice the size (see ``ink``); one thread takes a quarter of
the time of several. Measured at 1280 × 800 on two busy cores: 0.1 s + 0.3 s, with several threads 1.3 s.
"""

from __future__ import annotations

import itertools
import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from oi_voice.computer.geometry import Box, around
from oi_voice.computer.ink import ink
from oi_voice.computer.names import near, plain
from oi_voice.errors import ComputerError, RefusedError
from oi_voice.ports import Frame

SCALE = 2
SPARSE, PAGE = "11", "3"  # tesseract's page segmentation modes
TIMEOUT = 30.0
LABEL_GAP = 1.0  # words further apart than this many times their height belong to different labels


@dataclass(frozen=True, slots=True)
class Word:
    """A word as read, and the line it stands in."""

    text: str
    box: Box
    line: tuple[int, ...] = ()


class TextReader(Protocol):
    def read(self, frame: Frame, mode: str) -> list[Word]: ...


class Tesseract:
    """Reads words by the ``tesseract`` program."""

    def __init__(self, languages: str = "eng") -> None:
        self._languages = languages

    def read(self, frame: Frame, mode: str = SPARSE) -> list[Word]:
        """The words of a frame, in its own pixels. Raises ComputerError when tesseract is missing or fails."""
        command = ["tesseract", "stdin", "stdout", "-l", self._languages, "--psm", mode, "tsv"]
        try:
            done = subprocess.run(
                command,
                input=ink(frame, SCALE),
                capture_output=True,
                timeout=TIMEOUT,
                check=True,
                env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            )
        except FileNotFoundError as error:
            raise ComputerError(
                "Text on the screen can't be read: tesseract is not installed.",
                fix="Install it (apt install tesseract-ocr, brew install tesseract), or give x and y.",
                code="computer.ocr.missing",
            ) from error
        except subprocess.CalledProcessError as error:
            why = error.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"]
            raise ComputerError(f"tesseract could not read the screen: {why[-1]}", code="computer.ocr") from error
        except subprocess.TimeoutExpired as error:
            raise ComputerError(
                "Reading the screen took too long.", fix="Give x and y.", code="computer.ocr"
            ) from error
        return list(_words(done.stdout.decode(errors="replace")))


def text_of(png: bytes) -> str:
    """The text in a picture, line by line. Raises ComputerError when it can't be read."""
    import io

    from PIL import Image

    picture = Image.open(io.BytesIO(png)).convert("RGB")
    words = Tesseract().read(Frame(*picture.size, picture.tobytes()), PAGE)
    lines = itertools.groupby(words, key=lambda word: word.line)
    return "\n".join([" ".join([word.text for word in line]) for _, line in lines])


def _words(table: str) -> Iterator[Word]:
    """tesseract's rows: level, page, block, paragraph, line, word, left, top, width, height, sureness, text."""
    for row in table.splitlines()[1:]:
        columns = row.split("\t")
        if len(columns) == 12 and (text := columns[11].strip()):
            left, top, width, height = (int(value) // SCALE for value in columns[6:10])
            yield Word(text, Box(left, top, width, height), tuple(map(int, columns[1:5])))


@dataclass(frozen=True, slots=True)
class Match:
    text: str
    box: Box


def locate(reader: TextReader, frame: Frame, text: str, forbidden: Sequence[Box] = ()) -> Match:
    """The one label in ``frame`` that reads ``text``, outside of the ``forbidden`` boxes.

    Case and spaces do not count, nor punctuation around a word. The same words inside a longer text are no such
    label: where a button was not recognised, they would be taken for it. Raises RefusedError when there are
    several labels or none, and says what there is instead.
    """
    words: list[Word] = []
    for mode in (SPARSE, PAGE):
        words = [word for word in reader.read(frame, mode) if not _within(word, forbidden)]
        found = find(words, text)
        if len(found) == 1:
            return found[0]
        if found:
            raise RefusedError(
                f"“{text}” is on the screen {len(found)} times: {_places(found)}.",
                fix="Say which one by its x and y.",
                code="computer.ambiguous",
            )
    raise _not_found(words, text)


def _not_found(words: Sequence[Word], text: str) -> RefusedError:
    inside = inside_longer(words, text)
    similar = near(text, [_join(label) for label in _labels(words)])
    if inside:
        what = f"“{text}” is only a part of longer texts: {_places(inside)}."
    elif similar:
        what = f"“{text}” is not on the screen. Similar: {', '.join(f'“{one}”' for one in similar)}."
    else:
        what = f"“{text}” is not on the screen."
    return RefusedError(
        what, fix="Give all words of a label as they stand there, or x and y.", code="computer.not_found"
    )


def lines(words: Sequence[Word]) -> str:
    """The words as text, line by line, from the top left to the bottom right."""
    rows = [list(line) for _, line in itertools.groupby(words, key=lambda word: word.line)]
    rows.sort(key=lambda row: (row[0].box.y, row[0].box.x))
    return "\n".join(map(_join, rows))


def find(words: Sequence[Word], text: str) -> list[Match]:
    """All labels of exactly these words, an icon beside them aside."""
    wanted = [_bare(part) for part in text.split()]
    labels = (_without_icons(label) for label in _labels(words))
    return [_match(label) for label in labels if any(wanted) and [_bare(word.text) for word in label] == wanted]


def inside_longer(words: Sequence[Word], text: str) -> list[Match]:
    """Where the words stand within a label: its text, and the place of the words."""
    wanted = [_bare(part) for part in text.split()]
    found = []
    for label in _labels(words) if any(wanted) else ():
        for start in range(len(label) - len(wanted) + 1):
            part = label[start : start + len(wanted)]
            if [_bare(word.text) for word in part] == wanted:
                found.append(Match(_join(label), _match(part).box))
    return found


def _labels(words: Sequence[Word]) -> Iterator[list[Word]]:
    """Words of a line that stand close together."""
    label: list[Word] = []
    for word in words:
        if label and (word.line != label[-1].line or _gap(label[-1], word) > LABEL_GAP):
            yield label
            label = []
        label.append(word)
    if label:
        yield label


def _without_icons(label: list[Word]) -> list[Word]:
    """Icons beside a text are read as ``=)`` or ``[a]``: signs with no two letters in a row."""
    told = [at for at, word in enumerate(label) if word.text.isalnum() or re.search(r"[^\W\d_]{2}", word.text)]
    return label[told[0] : told[-1] + 1] if told else label


def _places(matches: Sequence[Match]) -> str:
    return ", ".join("“{}” at ({}, {})".format(match.text, *match.box.center) for match in matches)


def _gap(left: Word, right: Word) -> float:
    return (right.box.x - left.box.right) / max(1, left.box.height, right.box.height)


def _match(words: Sequence[Word]) -> Match:
    return Match(_join(words), around(word.box for word in words))


def _join(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)


def _bare(word: str) -> str:
    """Without case, and without the punctuation around it: borders are often read as ``|`` or ``_``."""
    folded = plain(word)
    letters = [at for at, letter in enumerate(folded) if letter.isalnum()]
    return folded[letters[0] : letters[-1] + 1] if letters else folded


def _within(word: Word, boxes: Sequence[Box]) -> bool:
    return any(box.contains(*word.box.center) for box in boxes)
