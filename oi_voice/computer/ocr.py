"""Text on the screen, found by its exact words with tesseract.

Grey at twice the size with page segmentation 11 (sparse text) reads small labels best; one thread takes a
quarter of the time of several. Measured at 1280 × 800 on two cores: 0.3 s with one thread, 1.3 s with several.
"""

from __future__ import annotations

import itertools
import os
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from oi_voice.computer.geometry import Box, around
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
                input=_grey(frame),
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


def _grey(frame: Frame) -> bytes:
    from PIL import Image

    picture = Image.frombytes("RGB", (frame.width, frame.height), frame.rgb).convert("L")
    large = picture.resize((frame.width * SCALE, frame.height * SCALE), Image.Resampling.BICUBIC)
    return b"P5 %d %d 255\n" % large.size + large.tobytes()


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
    """The one place in ``frame`` where ``text`` stands, word for word, outside of the ``forbidden`` boxes.

    Case and spaces do not count, nor punctuation around a word. A label of exactly these words (a button) goes
    before the same words inside a longer text. Raises RefusedError when there are several places or none.
    """
    seen: list[str] = []
    for mode in (SPARSE, PAGE):
        words = [word for word in reader.read(frame, mode) if not _within(word, forbidden)]
        found = find(words, text)
        if len(found) == 1:
            return found[0]
        if found:
            places = ", ".join("({}, {})".format(*match.box.center) for match in found)
            raise RefusedError(
                f"“{text}” is on the screen {len(found)} times: at {places}.",
                fix="Say which one by its x and y.",
                code="computer.ambiguous",
            )
        seen += [_join(label) for label in _labels(words)]
    similar = near(text, seen)
    raise RefusedError(
        f"“{text}” is not on the screen."
        + (f" Similar: {', '.join(f'“{one}”' for one in similar)}." if similar else ""),
        fix="Give the words as they stand there, or x and y.",
        code="computer.not_found",
    )


def lines(words: Sequence[Word]) -> str:
    """The words as text, line by line."""
    return "\n".join(_join(list(line)) for _, line in itertools.groupby(words, key=lambda word: word.line))


def find(words: Sequence[Word], text: str) -> list[Match]:
    """All places of exactly these words: labels of nothing else if there are any, else within longer texts."""
    wanted = [_bare(part) for part in text.split()]
    if not any(wanted):
        return []
    labels = list(_labels(words))
    whole = [label for label in labels if [_bare(word.text) for word in label] == wanted]
    return [_match(run) for run in whole or _inside(words, wanted)]


def _inside(words: Sequence[Word], wanted: list[str]) -> Iterator[Sequence[Word]]:
    for _, line in itertools.groupby(words, key=lambda word: word.line):
        row = list(line)
        for start in range(len(row) - len(wanted) + 1):
            if [_bare(word.text) for word in row[start : start + len(wanted)]] == wanted:
                yield row[start : start + len(wanted)]


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
