"""What is written to a terminal, read as text: without escape sequences, and with the marks of a run taken out."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

EDGE = "\x1e"  # begins and ends a mark: "\x1e<32 hex> word\x1e"
HELD = 4_096  # characters that are held back at most, to see whether they become a mark or a sequence
# CSI; OSC, DCS and their like, which BEL or ST end; character sets; all other two-character sequences.
SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]+[0-~]|[0-OQ-WYZ\\`-~])")
OVERSTRIKE = re.compile("[^\b\n]\b")
# The alternate screen; the cursor set to a place that is not the beginning.
WHOLE_SCREEN = re.compile(r"\x1b\[\?(?:1049|1047|47)h|\x1b\[\d+;\d+[Hf]")
_UNFINISHED = re.compile(rf"{EDGE}[^{EDGE}\n]*\Z|\r\Z|\x1b(?:\[[0-?]*[ -/]*|[\]PX^_][^\x07\x1b]*\x1b?|[ -/]*)\Z")


class Marked:
    """Feed it bytes, in pieces that may end anywhere. Marks that were not ``expect``ed are text like any other."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("backslashreplace")
        self._held = ""
        self._expected: tuple[str, ...] = ()
        self.whole_screen = False  # whether a sequence was seen that paints all over the screen

    def expect(self, mark: str) -> None:
        """Take the marks of this run out of the text; those of the run before may still come, too."""
        self._expected = (*self._expected[-1:], mark)
        self.whole_screen = False

    def feed(self, data: bytes) -> Iterator[tuple[str, str, str]]:
        """What has come, in order: text (``"", "", text``), or a mark (``mark, word, ""``)."""
        text, self._held = self._held + self._decoder.decode(data), ""
        while found := self._find(text):
            begin, mark, word = found
            yield from self._plain(text[:begin])
            yield mark, word, ""
            text = text[begin + len(f"{EDGE}{mark} {word}{EDGE}") :]
        if unfinished := _UNFINISHED.search(text, max(0, len(text) - HELD)):
            text, self._held = text[: unfinished.start()], unfinished[0]
        yield from self._plain(text)

    def _find(self, text: str) -> tuple[int, str, str] | None:
        """Where the first whole mark begins, whose it is, and its word."""
        whole = []
        for mark in self._expected if EDGE in text else ():
            begin = text.find(f"{EDGE}{mark} ")
            word, edge, _ = text[begin + len(mark) + 2 :].partition(EDGE)
            if begin >= 0 and edge:
                whole.append((begin, mark, word))
        return min(whole, default=None)

    def _plain(self, text: str) -> Iterator[tuple[str, str, str]]:
        if "\x1b" in text:
            self.whole_screen = self.whole_screen or bool(WHOLE_SCREEN.search(text))
            text = SEQUENCE.sub("", text)
        if "\b" in text:  # bold and underlined words are struck twice on a typewriter, and in manual pages
            text = OVERSTRIKE.sub("", text)
        if text := text.replace("\r\n", "\n"):
            yield "", "", text
