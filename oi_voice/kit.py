"""Everything that a turn works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from oi_voice.agent.budget import Purse
from oi_voice.agent.present import Reader
from oi_voice.agent.request import Presenter
from oi_voice.consent.judge import Judge
from oi_voice.hearing import Ear
from oi_voice.ports import Broker, Languages, Model, Player, Segmenter, Synthesizer


@dataclass(slots=True)
class Mouth:
    segmenter: Callable[[], Segmenter]
    synthesizer: Synthesizer
    player: Player

    def close(self) -> None:
        self.player.close()
        self.synthesizer.close()


@dataclass(slots=True)
class Kit:
    """A terminal has neither ear nor mouth.

    ``api`` describes ``computer`` to the model; ``read`` gives a picture's text; ``purse`` and ``presenter`` are the
    session's.
    """

    model: Model
    languages: Languages
    broker: Broker
    ear: Ear | None = None
    mouth: Mouth | None = None
    api: str = ""
    read: Reader | None = None
    purse: Purse = field(default_factory=Purse)
    presenter: Presenter = field(default_factory=Presenter)
    judge: Judge = field(default_factory=Judge)

    async def close(self) -> None:
        """Let go of all that it holds."""
        await self.languages.close()
        await self.broker.close()
        await self.model.close()
        await self.judge.close()
        if self.ear:
            self.ear.close()
        if self.mouth:
            self.mouth.close()
