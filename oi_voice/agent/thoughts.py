"""Parts a model's thoughts from its answer where both are one text: ``<think>…</think>`` at the very start."""

from __future__ import annotations

from collections.abc import Callable

from oi_voice.messages import Chunk, Kind, Role

LONGEST = 200  # blank characters that thoughts may stand behind, so that waiting for them is cheap

_OPENINGS = ("<think>", "<thinking>")


class Thoughts:
    """Stands before a parser of text. ``feed`` pieces, then ``end``; the tags and the blank space around them go.

    ``answer`` takes the text that is no thought and returns its chunks.
    """

    def __init__(self, answer: Callable[[str], list[Chunk]]) -> None:
        self._answer = answer
        self._held = ""  # what may yet be a tag, or is blank space beside one
        self._closing = ""
        self.feed: Callable[[str], list[Chunk]] = (
            self._begin
        )  # becomes ``answer`` itself when the thoughts are over: most text costs nothing here

    def end(self) -> list[Chunk]:
        """What was held back, as the reply is over or goes on with something else."""
        held, self._held = self._held, ""
        if self.feed == self._begin:
            self.feed = self._answer
            return self._answer(held)
        return self._thought(held) if self.feed == self._think else []

    def _begin(self, text: str) -> list[Chunk]:
        self._held += text
        start = self._held.lstrip()
        early = len(self._held) - len(start) < LONGEST
        opening = next((tag for tag in _OPENINGS if early and start.startswith(tag)), "")
        if opening:
            self._held, self._closing, self.feed = "", opening.replace("<", "</"), self._think
            return self._think(start.removeprefix(opening))
        if early and any(tag.startswith(start) for tag in _OPENINGS):
            return []
        held, self._held, self.feed = self._held, "", self._answer
        return self._answer(held)

    def _think(self, text: str) -> list[Chunk]:
        text = self._held + text
        said, closing, rest = text.partition(self._closing)
        if closing:
            self._held, self.feed = "", self._wake
            return self._thought(said) + self._wake(rest)
        tag = text.rfind("<", -len(self._closing))
        whole = len(text) if tag < 0 or not self._closing.startswith(text[tag:]) else tag
        self._held = text[whole:]
        return self._thought(text[:whole])

    def _wake(self, text: str) -> list[Chunk]:
        text = text.lstrip()
        if not text:
            return []
        self.feed = self._answer
        return self._answer(text)

    def _thought(self, text: str) -> list[Chunk]:
        return [Chunk(Role.ASSISTANT, Kind.REASONING, text)] if text else []
