"""Stand-ins for the person whom running code asks for a line."""

from __future__ import annotations

from oi_voice.ports import Answer


class Typist:
    """Answers with these lines, one after another; ``None`` is no answer. ``asked``: each prompt, and if secret."""

    def __init__(self, *lines: str | None) -> None:
        self._lines = list(lines)
        self.asked: list[tuple[str, bool]] = []

    async def __call__(self, prompt: str, secret: bool) -> Answer:
        self.asked.append((prompt, secret))
        line = self._lines.pop(0)
        return Answer(line, "" if line is not None else "the person gave no answer")
