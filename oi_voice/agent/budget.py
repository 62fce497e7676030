"""What a session may cost, and what it has cost so far, in US dollars."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from oi_voice.errors import ModelError
from oi_voice.ports import Abilities, Delta

CHARACTERS = 4  # of English text in a token, about


@dataclass(slots=True)
class Purse:
    """``spent`` grows with each call: by what the server counted, else by an estimate."""

    spent: float = 0.0

    async def watched(
        self, deltas: AsyncGenerator[Delta, None], abilities: Abilities, sent: int, limit: float | None
    ) -> AsyncGenerator[Delta, None]:
        """The same deltas, paid for; ``sent`` estimates the request's tokens.

        Raises ModelError (``model.budget``) before the first delta or between two when ``limit`` is reached.
        """
        if not (abilities.price_sent or abilities.price_received):
            limit = None  # it costs nothing, or nobody knows
        price, received, counted = abilities.price_received, 0, None
        asked = sent * abilities.price_sent
        self._check(limit, asked)
        try:
            async with aclosing(deltas) as stream:
                async for delta in stream:
                    received += len(delta.text) + len(delta.thought) + (len(delta.call.arguments) if delta.call else 0)
                    if delta.usage:
                        counted = delta.usage
                    if limit is not None:
                        self._check(limit, asked + received / CHARACTERS * price)
                    yield delta
        finally:
            if counted:
                self.spent += counted.sent * abilities.price_sent + counted.received * price
            elif received:
                self.spent += asked + received / CHARACTERS * price

    def _check(self, limit: float | None, open_bill: float) -> None:
        if limit is not None and self.spent + open_bill >= limit:
            raise ModelError(
                f"This session's budget of {limit:g} US dollars is used up.",
                fix="Raise max_budget to go on.",
                code="model.budget",
            )
