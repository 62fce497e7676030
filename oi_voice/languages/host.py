"""What a language gets from the program that it runs in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from oi_voice.languages.capped import SHOWN, Capped
from oi_voice.languages.family import Family
from oi_voice.ports import Answer, Ask


async def nobody(prompt: str, secret: bool) -> Answer:
    """Where no person is."""
    return Answer(None, "nobody is there to answer")


@dataclass(frozen=True, slots=True)
class Host:
    """``ask`` asks the person for a line; ``told`` gives how many characters of output the model is shown.

    The family is the caller's to close, but where a language is ``alone`` with it.
    """

    family: Family = field(default_factory=Family)
    ask: Ask = nobody
    told: Callable[[], int] = lambda: 2800
    alone: bool = False

    @property
    def outputs(self) -> Path:
        """The folder of long outputs."""
        return self.family.folder / "outputs"

    async def left(self) -> None:
        """The language has ended."""
        if self.alone:
            await self.family.close()

    def capped(self) -> Capped:
        """For the text of a run."""
        return Capped(SHOWN, self.told(), self.outputs)
