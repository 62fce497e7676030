"""The person's own names and terms, which recognisers are told of, and how they are learned from corrections."""

from __future__ import annotations

import difflib
import logging
import os
import re
from pathlib import Path

from oi_voice.errors import OiVoiceError

log = logging.getLogger(__name__)

ALIKE = 0.55  # likeness of letters from which on one is the other misheard: cube cuttle, kubectl 0.59; some, stop 0.5
LONGEST = 3  # words of a term
SHORTEST = 4  # letters of one; among shorter words too many are alike
MOST = 500  # terms
READ = 1 << 16  # bytes of the file, the last ones: 500 terms have room there
WIDEST = 80  # characters of one
# "no, kubectl", "no, I said kubectl", "I meant kubectl", "nein, kubectl"
_CORRECTION = re.compile(
    r"(?:no,?\s+(?:i\s+(?:said|meant)\s+|it'?s\s+)?|i\s+meant\s+|nein,?\s+(?:ich\s+meinte\s+)?|ich\s+meinte\s+)(.+)",
    re.IGNORECASE,
)
_EDGES = " .,!?;:\"'“”„"


def default_path() -> Path:
    """The list, beside the person's profiles: one term a line."""
    import platformdirs

    return Path(platformdirs.user_config_dir("oi_voice", appauthor=False)) / "vocabulary.txt"


class Vocabulary:
    """The terms of a file that a person may edit. Blocking."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._learned: list[str] = []

    @property
    def terms(self) -> tuple[str, ...]:
        """All of them, the newest last."""
        written = [line for line in map(str.strip, self._lines()) if _is_term(line)]
        return tuple(dict.fromkeys([*written, *self._learned]))[-MOST:]

    def learn(self, term: str) -> None:
        """Add a term. Raises OiVoiceError where the file can't be written; then it is known until the end only."""
        if term in self.terms:
            return
        self._learned.append(term)
        if self._path is None:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a+b") as file:
                file.seek(max(0, file.tell() - 1))
                if file.read() not in (b"", b"\n"):
                    file.write(b"\n")  # an editor left the last line open
                file.write(f"{term}\n".encode())
        except OSError as error:
            raise OiVoiceError(
                f"The word {term} can't be kept in {self._path} ({error.strerror or error}).",
                fix="See that this file can be written.",
                code="vocabulary",
            ) from error

    def _lines(self) -> list[str]:
        """What is in the file now; nothing where it can't be read: that costs no take."""
        try:
            if self._path is None or not self._path.is_file():
                return []
            with self._path.open("rb") as file:
                begun = file.seek(max(0, file.seek(0, os.SEEK_END) - READ))
                lines = file.read().decode("utf-8-sig", errors="replace").splitlines()
        except OSError as error:
            log.info("the vocabulary can't be read: %s", error)
            return []
        return lines[1:] if begun else lines


def _is_term(line: str) -> bool:
    return 0 < len(line) <= WIDEST and line.isprintable() and "\ufffd" not in line and not line.startswith("#")


def correction(before: str, said: str) -> tuple[str, str] | None:
    """What was meant by ``before``, and the term in it, where ``said`` corrects it ("no, kubectl"); else None.

    The words most like the term take its place; where none are like it, it is no correction.
    """
    found = _CORRECTION.fullmatch(said.strip(_EDGES))
    term = found[1].strip(_EDGES) if found else ""
    words = before.split()
    if len(term) < SHORTEST or len(term.split()) > LONGEST or not words:
        return None
    spans = [(a, b) for a in range(len(words)) for b in range(a + 1, min(a + LONGEST, len(words)) + 1)]
    likeness, (start, end) = max((_likeness(" ".join(words[a:b]), term), (a, b)) for a, b in spans)
    replaced = " ".join(words[start:end])
    if likeness < ALIKE or replaced.strip(_EDGES) == term:
        return None
    tail = replaced[len(replaced.rstrip(_EDGES)) :]
    return " ".join([*words[:start], term + tail, *words[end:]]), term


def terms_in(before: str, after: str) -> list[str]:
    """The words that a person put in the place of misheard ones, when correcting a text by hand."""
    old, new = before.split(), after.split()
    learned = []
    for what, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        term = " ".join(new[c:d]).strip(_EDGES)
        fits = what == "replace" and d - c <= LONGEST and len(term) >= SHORTEST
        if fits and _likeness(" ".join(old[a:b]), term) >= ALIKE:
            learned.append(term)
    return learned


def _likeness(one: str, other: str) -> float:
    """0 to 1, by letters alone."""
    first, second = (re.sub(r"[\W_]", "", text.casefold()) for text in (one, other))
    return difflib.SequenceMatcher(None, first, second, autojunk=False).ratio() if first and second else 0.0
